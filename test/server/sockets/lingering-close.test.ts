import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { request as httpRequest } from 'node:http'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatewayError } from '../../../src/kernel/errors.js'
import { startTinyServer, type TinyServer } from '../tiny-server.js'
import { drip, openClient, type RawClient } from './raw-client.js'

const MEGABYTE = Buffer.alloc(1_000_000, ' ')

let open: TinyServer
let closed: TinyServer
let limited: TinyServer
beforeAll(async () => {
  open = await startTinyServer()
  const callers = () => Promise.reject(new GatewayError('UNAUTHENTICATED', 'Who are you?'))
  closed = await startTinyServer({ server: { callers } })
  limited = await startTinyServer({ server: { rateLimitPerMinute: 1 } })
  await limited.request('{ hello }')
})
afterAll(() => Promise.all([open, closed, limited].map((server) => server.stop())))

interface Refused {
  readonly status: number
  readonly line?: string
  readonly headers?: string
  readonly server?: () => TinyServer
}

const POST = 'POST /graphql HTTP/1.1'
const JSON_TYPE = 'content-type: application/json\r\n'

/** Every kind of refusal that comes before the body is read. */
const REFUSED: readonly Refused[] = [
  { status: 413 },
  { status: 413, headers: `${JSON_TYPE}connection: close\r\n` },
  { status: 413, line: 'POST /graphql HTTP/1.0' },
  { status: 401, server: () => closed },
  { status: 429, server: () => limited },
  { status: 406, headers: `${JSON_TYPE}accept: image/png\r\n` },
  { status: 415, headers: `${JSON_TYPE}content-encoding: gzip\r\n` },
  { status: 415, headers: 'content-type: text/plain\r\n' },
  { status: 415, headers: '' },
  { status: 421, headers: `${JSON_TYPE}host: evil.example\r\n` },
  { status: 400, headers: `${JSON_TYPE}host: a b\r\n` },
  { status: 404, line: 'POST /nowhere HTTP/1.1' },
  { status: 404, line: 'DELETE / HTTP/1.1' },
  { status: 405, line: 'PUT /graphql HTTP/1.1' },
  { status: 405, line: 'OPTIONS /graphql HTTP/1.1' },
  { status: 405, line: 'HEAD /graphql HTTP/1.1' },
  { status: 405, line: 'POST /health/live HTTP/1.1' },
  { status: 400, line: 'POST /%zz HTTP/1.1' },
]

/** Sends everything before reading anything, as many clients do. */
async function sendAll({ socket }: RawClient, pieces: readonly (string | Buffer)[]): Promise<void> {
  for (const piece of pieces) await new Promise<unknown>((sent) => socket.write(piece, sent))
}

function headOf({ line = POST, headers = JSON_TYPE }: Refused, framing: string): string {
  return `${line}\r\n${headers.includes('host:') ? '' : 'host: localhost\r\n'}${headers}${framing}\r\n\r\n`
}

describe('a caller who sends everything before reading', () => {
  it.each(REFUSED)(
    'shows the refusal to a caller who sends ten megabytes first: $status, $line $headers',
    async (refused) => {
      const client = openClient((refused.server?.() ?? open).port, { reads: false })
      await sendAll(client, [headOf(refused, 'content-length: 10000000'), ...Array(10).fill(MEGABYTE)])
      client.read()
      await expect.poll(client.statuses).toEqual([refused.status])
      client.socket.destroy()
    },
  )

  it.each(REFUSED.filter(({ line }) => line?.endsWith('1.0') !== true))(
    'shows the refusal to a caller who sends ten megabytes in chunks first: $status, $line $headers',
    async (refused) => {
      const client = openClient((refused.server?.() ?? open).port, { reads: false })
      const chunks = Array(10)
        .fill([`${MEGABYTE.length.toString(16)}\r\n`, MEGABYTE, '\r\n'])
        .flat()
      await sendAll(client, [headOf(refused, 'transfer-encoding: chunked'), ...chunks, '0\r\n\r\n'])
      client.read()
      await expect.poll(client.statuses).toEqual([refused.status])
      client.socket.destroy()
    },
  )

  it('shows the refusal to a caller who sends ten megabytes that are not HTTP', async () => {
    const client = openClient(open.port, { reads: false })
    await sendAll(client, ['HELLO\r\n', ...Array(10).fill(MEGABYTE)])
    client.read()
    await expect.poll(client.statuses).toEqual([400])
    client.socket.destroy()
  })

  it('shows the refusal of forty megabytes to fetch', async () => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(open.graphqlUrl, { method: 'POST', headers, body: ' '.repeat(40_000_000) })
    expect([response.status, await response.json()]).toMatchObject([
      413,
      { errors: [{ message: 'The body is too large.' }] },
    ])
  })

  it("shows the refusal of forty megabytes to Node's own client", async () => {
    const answered = new Promise<number | undefined>((resolve, reject) => {
      const asking = httpRequest(open.graphqlUrl, { method: 'POST', headers: { 'content-type': 'application/json' } })
      asking.on('error', reject).on('response', (response) => resolve(response.resume().statusCode))
      asking.end(' '.repeat(40_000_000))
    })
    expect(await answered).toBe(413)
  })

  it('keeps the connection open after refusing a short body', async () => {
    const client = openClient(closed.port)
    const head = headOf({ status: 401 }, 'content-length: 2')
    client.socket.write(`${head}{}${head}{}`)
    await expect.poll(client.statuses).toEqual([401, 401])
    client.socket.destroy()
  })
})

describe('a caller who waits for 100 Continue', () => {
  const EXPECTING = `${JSON_TYPE}expect: 100-continue\r\n`

  it.each([
    ['a body that is too large', { status: 413, headers: EXPECTING }, () => open],
    ['an unknown caller', { status: 401, headers: EXPECTING }, () => closed],
    ['an encoded body', { status: 415, headers: `${EXPECTING}content-encoding: br\r\n` }, () => open],
  ] as const)('refuses without asking for the body: %s', async (_what, refused, server) => {
    const client = openClient(server().port)
    client.socket.write(headOf(refused, 'content-length: 10000000'))
    await client.closed
    expect(client.statuses()).toEqual([refused.status])
    expect(client.text()).not.toContain('100 Continue')
  })

  it('sends 100 Continue when the body is wanted', async () => {
    const client = openClient(open.port)
    const body = '{"query":"{ hello }"}'
    client.socket.write(
      headOf({ status: 200, headers: EXPECTING }, `connection: close\r\ncontent-length: ${body.length}`),
    )
    await expect.poll(client.text).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    client.socket.write(body)
    await client.closed
    expect(client.statuses()).toEqual([200])
  })
})

describe('a connection that lingers after a refusal', () => {
  it.each([
    ['a body that is too large', headOf({ status: 413 }, 'content-length: 20000'), ' '.repeat(20_000), 413],
    ['bytes that are not HTTP', 'HELLO\r\n\r\n', '', 400],
    ['a body that arrives late', headOf({ status: 408 }, 'content-length: 9'), ' '.repeat(9), 408],
    [
      'connection: close',
      headOf({ status: 406, headers: `${JSON_TYPE}accept: image/png\r\nconnection: close\r\n` }, 'content-length: 0'),
      '',
      406,
    ],
  ])('serves no further requests while lingering, and holds only a few: %s', async (_what, text, rest, status) => {
    const server = await startTinyServer({
      server: { sockets: { arrivalMs: status === 408 ? 100 : 30_000 } },
    })
    let parsed = 0
    const count = (message: unknown): void => {
      const { socket } = message as { readonly socket: Socket }
      if (socket.localPort === server.port) parsed += 1
    }
    try {
      const client = openClient(server.port, { isStubborn: true })
      client.socket.write(text)
      await expect.poll(client.statuses).toEqual([status])
      await expect.poll(() => client.socket.readableEnded).toBe(true)
      subscribe('http.server.request.start', count)
      await sendAll(client, [rest + 'GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(10_000)])
      client.socket.end()
      await client.closed
      expect(client.statuses()).toEqual([status])
      // Node parses a whole chunk at a time.
      expect(parsed).toBeLessThan(2_000)
    } finally {
      unsubscribe('http.server.request.start', count)
      await server.stop()
    }
  })

  it.each([
    ['bytes', { lingerBytesMax: 2_000_000, lingerQuietMs: 20 }, MEGABYTE, 0],
    ['time', { lingerMs: 200 }, Buffer.from(' '), 20],
  ])('stops lingering after a limit: %s', async (_what, sockets, piece, everyMs) => {
    const server = await startTinyServer({ server: { sockets } })
    try {
      const client = openClient(server.port, { isStubborn: true })
      client.socket.write(headOf({ status: 413 }, 'content-length: 1000000000000'))
      const sending = setInterval(() => client.socket.write(piece), everyMs)
      await client.closed
      clearInterval(sending)
      expect(client.statuses()).toEqual([413])
    } finally {
      await server.stop()
    }
  })

  it('stops lingering soon when nothing arrives', async () => {
    const server = await startTinyServer({ server: { sockets: { lingerQuietMs: 20, lingerMs: 600_000 } } })
    try {
      const client = openClient(server.port, { isStubborn: true })
      client.socket.write(headOf({ status: 413 }, 'content-length: 1000000000000'))
      await expect.poll(() => client.socket.readableEnded).toBe(true)
      // The client notices that the other end is gone only when it sends something.
      drip(client, ' ', 200)
      await client.closed
    } finally {
      await server.stop()
    }
  })
})

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
  await limited.ask('{ hello }')
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

/** Everything that is answered before the body is read. */
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

/** Sends all of it before it reads anything, as many clients do. */
async function sendAll({ socket }: RawClient, pieces: readonly (string | Buffer)[]): Promise<void> {
  for (const piece of pieces) await new Promise<unknown>((sent) => socket.write(piece, sent))
}

function headOf({ line = POST, headers = JSON_TYPE }: Refused, framing: string): string {
  return `${line}\r\n${headers.includes('host:') ? '' : 'host: localhost\r\n'}${headers}${framing}\r\n\r\n`
}

describe('a caller who sends everything before reading', () => {
  it.each(REFUSED)('sees that ten megabytes are refused: $status, $line $headers', async (refused) => {
    const client = openClient((refused.server?.() ?? open).port, { reads: false })
    await sendAll(client, [headOf(refused, 'content-length: 10000000'), ...Array(10).fill(MEGABYTE)])
    client.read()
    await expect.poll(client.statuses).toEqual([refused.status])
    client.socket.destroy()
  })

  it.each(REFUSED.filter(({ line }) => line?.endsWith('1.0') !== true))(
    'sees it of a body that comes in chunks, too: $status, $line $headers',
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

  it('sees that bytes which are no request are refused', async () => {
    const client = openClient(open.port, { reads: false })
    await sendAll(client, ['HELLO\r\n', ...Array(10).fill(MEGABYTE)])
    client.read()
    await expect.poll(client.statuses).toEqual([400])
    client.socket.destroy()
  })

  it('may be fetch, with forty megabytes', async () => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(open.graphqlUrl, { method: 'POST', headers, body: ' '.repeat(40_000_000) })
    expect([answer.status, await answer.json()]).toMatchObject([
      413,
      { errors: [{ message: 'The body is too large.' }] },
    ])
  })

  it("may be Node's own client", async () => {
    const answered = new Promise<number | undefined>((resolve, reject) => {
      const asking = httpRequest(open.graphqlUrl, { method: 'POST', headers: { 'content-type': 'application/json' } })
      asking.on('error', reject).on('response', (answer) => resolve(answer.resume().statusCode))
      asking.end(' '.repeat(40_000_000))
    })
    expect(await answered).toBe(413)
  })

  it('keeps the connection where the refused body was short', async () => {
    const client = openClient(closed.port)
    const head = headOf({ status: 401 }, 'content-length: 2')
    client.socket.write(`${head}{}${head}{}`)
    await expect.poll(client.statuses).toEqual([401, 401])
    client.socket.destroy()
  })
})

describe('a caller who is told to wait before sending the body', () => {
  const EXPECTING = `${JSON_TYPE}expect: 100-continue\r\n`

  it.each([
    ['too long', { status: 413, headers: EXPECTING }, () => open],
    ['of somebody unknown', { status: 401, headers: EXPECTING }, () => closed],
    ['encoded', { status: 415, headers: `${EXPECTING}content-encoding: br\r\n` }, () => open],
  ] as const)('is refused without having to send it: %s', async (_what, refused, server) => {
    const client = openClient(server().port)
    client.socket.write(headOf(refused, 'content-length: 10000000'))
    await client.closed
    expect(client.statuses()).toEqual([refused.status])
    expect(client.text()).not.toContain('100 Continue')
  })

  it('is told to go on where the body is wanted', async () => {
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

describe('reading on after a refusal', () => {
  it.each([
    ['a body too large', headOf({ status: 413 }, 'content-length: 20000'), ' '.repeat(20_000), 413],
    ['bytes that are no request', 'HELLO\r\n\r\n', '', 400],
    ['a body that came late', headOf({ status: 408 }, 'content-length: 9'), ' '.repeat(9), 408],
    [
      'a connection that is to end',
      headOf({ status: 406, headers: `${JSON_TYPE}accept: image/png\r\nconnection: close\r\n` }, 'content-length: 0'),
      '',
      406,
    ],
  ])('takes nothing for a request, nor keeps more than a few: %s', async (_what, text, rest, status) => {
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
      // What comes in one piece is looked at as a whole.
      expect(parsed).toBeLessThan(2_000)
    } finally {
      unsubscribe('http.server.request.start', count)
      await server.stop()
    }
  })

  it.each([
    ['bytes', { lingerBytesMax: 2_000_000, lingerQuietMs: 20 }, MEGABYTE, 0],
    ['time', { lingerMs: 200 }, Buffer.from(' '), 20],
  ])('ends after a bounded while: %s', async (_what, sockets, piece, everyMs) => {
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

  it('ends soon where nothing comes', async () => {
    const server = await startTinyServer({ server: { sockets: { lingerQuietMs: 20, lingerMs: 600_000 } } })
    try {
      const client = openClient(server.port, { isStubborn: true })
      client.socket.write(headOf({ status: 413 }, 'content-length: 1000000000000'))
      await expect.poll(() => client.socket.readableEnded).toBe(true)
      // Nothing tells a caller that the other end is gone but what is sent then.
      drip(client, ' ', 200)
      await client.closed
    } finally {
      await server.stop()
    }
  })
})

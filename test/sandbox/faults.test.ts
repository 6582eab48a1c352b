import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type FaultRule, Faults } from '../../src/sandbox/faults.js'
import type { TestSandbox } from '../support/gateway.js'
import {
  at,
  type Client,
  control,
  LINKS,
  MAIN_ACCOUNT,
  type RawResponse,
  rawGet,
  signIn,
  withSandbox,
  worldOf,
} from './sandbox-client.js'

const SHOW = `${LINKS}/${MAIN_ACCOUNT}/7`

async function start(): Promise<{ sandbox: TestSandbox; client: Client }> {
  const sandbox = await withSandbox({ seed: worldOf({}, [{ id: 7, maxUsage: 5 }]) })
  return { sandbox, client: await signIn(sandbox) }
}

/** What a client gets on the wire when one show meets the fault: head, body, and how the connection ended. */
async function meet(rule: FaultRule): Promise<RawResponse & { head: string; body: Buffer; truth: string }> {
  const { sandbox, client } = await start()
  const truth = (await client.get(SHOW)).text
  sandbox.faults.add({ operation: 'show', ...rule })
  const response = await rawGet(sandbox, SHOW, client)
  const split = response.bytes.indexOf('\r\n\r\n')
  const head = response.bytes.subarray(0, Math.max(split, 0)).toString('latin1')
  return { ...response, head, body: response.bytes.subarray(split + 4), truth }
}

describe('a fault on the wire', () => {
  it.each(['reset', 'reset-after-write'] as const)('%s resets the connection before any byte', async (kind) => {
    const { bytes, end } = await meet({ kind })
    expect([bytes.length, end]).toEqual([0, 'ECONNRESET'])
  })

  it('hang sends nothing until the sandbox stops, while other calls are served', async () => {
    const { sandbox, client } = await start()
    sandbox.faults.add({ kind: 'hang', operation: 'show' })
    const hung = rawGet(sandbox, SHOW, client)
    while (sandbox.log.count('show') === 0) await client.get(`${LINKS}/${MAIN_ACCOUNT}`)
    expect(sandbox.log.entries.find(({ operation }) => operation === 'show')).toMatchObject({
      fault: 'hang',
      status: null,
      endedAtMs: null,
    })
    await sandbox.stop()
    expect((await hung).bytes.length).toBe(0)
  })

  it('latency delays the true response', async () => {
    const startedAt = performance.now()
    const { body, truth } = await meet({ kind: 'latency', ms: 60 })
    expect(body.toString()).toBe(truth)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(59)
  })

  it('drip sends the true response in many pieces', async () => {
    const { body, truth, arrivals } = await meet({ kind: 'drip', bytes: 40, ms: 2 })
    expect(body.toString()).toBe(truth)
    expect(arrivals).toBeGreaterThan(5)
  })

  it('truncated is a complete HTTP response with half the JSON', async () => {
    const { head, body, truth, end } = await meet({ kind: 'truncated' })
    expect(head).toContain(`content-length: ${body.length}`)
    expect(truth.startsWith(body.toString())).toBe(true)
    expect(body.length).toBeLessThan(truth.length)
    expect(end).toBe('closed')
  })

  it('cut promises the whole length and hangs up half-way', async () => {
    const { head, body, truth } = await meet({ kind: 'cut' })
    expect(head).toContain(`content-length: ${truth.length}`)
    expect(body.length).toBe(Math.floor(truth.length / 2))
  })

  it.each([
    ['html-500', 'HTTP/1.1 500', 'text/html', /^<!DOCTYPE html>/],
    ['json-500', 'HTTP/1.1 500', 'application/json', /^\{"status":500,"success":false/],
    ['empty-502', 'HTTP/1.1 502', 'text/html', /^$/],
    ['empty-503', 'HTTP/1.1 503', 'text/html', /^$/],
    ['unauthorised', 'HTTP/1.1 401', 'application/json', /"code":401/],
    ['request-timeout', 'HTTP/1.1 408', 'application/json', /"code":408/],
    ['wrong-content-type', 'HTTP/1.1 200', 'text/html', /^\{"status":200,"success":true/],
    ['success-false', 'HTTP/1.1 200', 'application/json', /^\{"status":200,"success":false/],
    ['sp-envelope', 'HTTP/1.1 200', 'application/json', /^\{"response_code":"SP001"/],
  ] as const)('%s answers %s as %s', async (kind, status, type, text) => {
    const { head, body } = await meet({ kind })
    expect(head).toContain(status)
    expect(head).toContain(`content-type: ${type}`)
    expect(body.toString()).toMatch(text)
  })

  it('no-content is 204 without a body', async () => {
    const { head, body } = await meet({ kind: 'no-content' })
    expect([head.includes('HTTP/1.1 204'), body.length]).toEqual([true, 0])
  })

  it('rate-limited has Retry-After only when the rule gives it', async () => {
    expect((await meet({ kind: 'rate-limited', retryAfterSeconds: 3 })).head).toMatch(/429.*retry-after: 3/s)
    expect((await meet({ kind: 'rate-limited' })).head).toMatch(/429(?!.*retry-after)/s)
  })

  it('redirect points at another host', async () => {
    expect((await meet({ kind: 'redirect' })).head).toMatch(/302.*location: http:\/\/example\.com\//s)
  })

  it('invalid-utf8 is the true response with two bytes that are not UTF-8', async () => {
    const { body, truth } = await meet({ kind: 'invalid-utf8' })
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(body)).toThrow()
    expect(body.filter((byte) => byte !== 0xff && byte !== 0xfe).toString()).toBe(truth)
  })

  it('gzip-bomb unpacks to the given size from next to nothing', async () => {
    const { head, body } = await meet({ kind: 'gzip-bomb', bytes: 8 * 1024 * 1024 })
    expect(head).toContain('content-encoding: gzip')
    const packed = unchunked(body)
    expect(packed.length).toBeLessThan(100_000)
    const text = gunzipSync(packed).toString()
    expect(text.length).toBeGreaterThan(8 * 1024 * 1024)
    expect(at(JSON.parse(text), 'success')).toBe(true)
  })

  it('huge sends the given number of plain bytes', async () => {
    const { body } = await meet({ kind: 'huge', bytes: 3 * 1024 * 1024 })
    expect(unchunked(body).length).toBeGreaterThan(3 * 1024 * 1024)
  })
})

describe('a write that meets a fault', () => {
  const put = { method: 'PUT', body: '{"max_usage":9,"status":"closed"}' }

  it.each([
    [{ kind: 'reset' }, 'open'],
    [{ kind: 'reset-after-write' }, 'closed'],
    [{ kind: 'empty-502' }, 'open'],
    [{ kind: 'empty-502', applies: true }, 'closed'],
    [{ kind: 'json-500', applies: true }, 'closed'],
    [{ kind: 'truncated' }, 'closed'],
  ] as [FaultRule, string][])('a write that meets %j leaves the link %s', async (rule, status) => {
    const { sandbox, client } = await start()
    sandbox.faults.add({ operation: 'update', ...rule })
    await rawGet(sandbox, SHOW, client, put)
    expect(sandbox.linksOf(MAIN_ACCOUNT)[0]?.status).toBe(status)
    expect(sandbox.log.entries.at(-1)).toMatchObject({ fault: rule.kind, body: JSON.parse(put.body) })
  })

  it('hangs after a write has happened when the fault applies it', async () => {
    const { sandbox, client } = await start()
    sandbox.faults.add({ operation: 'update', kind: 'hang', applies: true })
    const hung = rawGet(sandbox, SHOW, client, put)
    while (sandbox.linksOf(MAIN_ACCOUNT)[0]?.status !== 'closed') await client.get(SHOW)
    await sandbox.stop()
    expect((await hung).bytes.length).toBe(0)
  })
})

describe('a fault rule', () => {
  const show = { operation: 'show', accountId: 'A', linkId: '7' }
  const kinds = (faults: Faults, times: number): unknown[] =>
    Array.from({ length: times }, () => faults.take(show).failure?.kind ?? null)

  it('fires a fault the given number of times, then removes it', () => {
    const faults = new Faults(['list', 'show'], ['accountId', 'linkId'])
    faults.add({ kind: 'unauthorised', times: 2 })
    expect(kinds(faults, 3)).toEqual(['unauthorised', 'unauthorised', null])
    expect(faults.list()).toEqual([])
  })

  it('fires a fault on every Nth request, the given number of times', () => {
    const faults = new Faults(['list', 'show'], ['accountId', 'linkId'])
    faults.add({ kind: 'reset', oneIn: 3, times: 2 })
    expect(kinds(faults, 9)).toEqual([null, null, 'reset', null, null, 'reset', null, null, null])
  })

  it('fires a fault for its operation, account and link only', () => {
    const faults = new Faults(['list', 'show'], ['accountId', 'linkId'])
    for (const miss of [{ operation: 'list' }, { accountId: 'B' }, { linkId: '8' }]) {
      faults.add({ kind: 'reset', ...miss })
    }
    expect(kinds(faults, 1)).toEqual([null])
    faults.add({ kind: 'hang', operation: 'any', accountId: 'A', linkId: '7' })
    expect(kinds(faults, 1)).toEqual(['hang'])
  })

  it('adds up the waits of all fault rules that fire, besides one failure', () => {
    const faults = new Faults(['list', 'show'], ['accountId', 'linkId'])
    faults.add({ kind: 'latency', ms: 20 })
    faults.add({ kind: 'latency', ms: 30 })
    const id = faults.add({ kind: 'empty-503' })
    expect(faults.take(show)).toEqual({ latencyMs: 50, failure: { kind: 'empty-503' } })
    faults.clear(id)
    expect(faults.take(show)).toEqual({ latencyMs: 50, failure: null })
    faults.clear()
    expect(faults.take(show)).toEqual({ latencyMs: 0, failure: null })
  })

  it('refuses an invalid fault rule with a message', async () => {
    const { sandbox } = await start()
    for (const wrong of [
      { kind: 'flood' },
      { kind: 'hang', times: 0 },
      { kind: 'hang', whenever: 1 },
      { kind: 'hang', operation: 'shows' },
      [],
    ]) {
      const answer = await control(sandbox, 'POST', '/faults', wrong)
      expect([answer.status, typeof at(answer.body, 'error')]).toEqual([400, 'string'])
    }
    expect(sandbox.faults.list()).toEqual([])
  })

  it('can fail the token route', async () => {
    const { sandbox, client } = await start()
    sandbox.faults.add({ kind: 'json-500', operation: 'token' })
    await expect(signIn(sandbox)).resolves.toMatchObject({ headers: { authorization: 'Bearer undefined' } })
    expect((await client.get(SHOW)).status).toBe(200)
  })
})

/** Takes the chunked transfer coding off (RFC 9112, 7.1). */
function unchunked(body: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let offset = 0; ; ) {
    const lineEnd = body.indexOf('\r\n', offset)
    const length = Number.parseInt(body.subarray(offset, lineEnd).toString('latin1'), 16)
    if (!(length > 0)) return Buffer.concat(parts)
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + length))
    offset = lineEnd + 2 + length + 2
  }
}

import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { createGzip } from 'node:zlib'
import type { FailingRule, FaultKind } from './faults.js'
import { failure, json, type SandboxResponse, spEnvelope } from './response.js'
import { unauthorised } from './tokens.js'

export interface Delivery {
  readonly response: ServerResponse
  readonly rule: FailingRule
  /** The true response, for the kinds that spoil it. */
  readonly truth: SandboxResponse
  /** Fires when the sandbox stops. */
  readonly signal: AbortSignal
}

/** Whether the request is carried out before the fault happens to it. */
export function isCarriedOut({ kind, applies = false }: FailingRule): boolean {
  return applies || SPOILING.has(kind)
}

/** Responds, or does not, as the fault says. */
export async function deliverFault(delivery: Delivery): Promise<void> {
  await DELIVERIES[delivery.rule.kind](delivery)
}

/** Sends a whole response. */
export function send(
  response: ServerResponse,
  { status, contentType, text }: SandboxResponse,
  headers: Readonly<Record<string, string>> = {},
): void {
  const bytes = Buffer.from(text)
  response.writeHead(status, { 'content-type': contentType, 'content-length': bytes.length, ...headers }).end(bytes)
}

const SPOILING: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'reset-after-write',
  'drip',
  'truncated',
  'cut',
  'wrong-content-type',
  'invalid-utf8',
])

const HTML = 'text/html; charset=UTF-8'
const MIB = 1024 * 1024

type Deliver = (delivery: Delivery) => void | Promise<void>

const DELIVERIES: Readonly<Record<FailingRule['kind'], Deliver>> = {
  hang: () => undefined,
  reset,
  'reset-after-write': reset,
  drip,
  truncated: ({ response, truth }) => {
    send(response, { ...truth, text: truth.text.slice(0, Math.floor(truth.text.length / 2)) })
  },
  cut,
  'html-500': ({ response }) => {
    send(response, { status: 500, contentType: HTML, text: '<!DOCTYPE html><h1>500 | Server Error</h1>' })
  },
  'json-500': ({ response }) => send(response, failure(500, 'Server Error')),
  'empty-502': ({ response }) => send(response, { status: 502, contentType: HTML, text: '' }),
  'empty-503': ({ response }) => send(response, { status: 503, contentType: HTML, text: '' }),
  'rate-limited': ({ response, rule: { retryAfterSeconds } }) => {
    const headers: Record<string, string> =
      retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
    send(response, failure(429, 'Too Many Attempts.'), headers)
  },
  unauthorised: ({ response }) => send(response, unauthorised()),
  'request-timeout': ({ response }) => send(response, failure(408, 'Request Timeout')),
  redirect: ({ response, rule }) => {
    const location = rule.location ?? 'http://example.com/api/v1.0/accounts'
    send(response, { status: 302, contentType: HTML, text: `<a href="${location}">Redirecting</a>` }, { location })
  },
  'wrong-content-type': ({ response, truth }) => send(response, { ...truth, contentType: HTML }),
  'invalid-utf8': invalidUtf8,
  'gzip-bomb': gzipBomb,
  huge,
  'success-false': ({ response }) => {
    const error = { code: 'SP002', message: 'General failure' }
    send(response, json(200, JSON.stringify({ status: 200, success: false, error })))
  },
  'no-content': ({ response }) => {
    response.writeHead(204).end()
  },
  'sp-envelope': ({ response }) => send(response, spEnvelope(200, 'SP001', 'Transaction failed')),
}

/** A TCP reset instead of an orderly end. */
function reset({ response }: Delivery): void {
  response.socket?.resetAndDestroy()
}

async function drip({ response, truth, rule, signal }: Delivery): Promise<void> {
  const bytes = Buffer.from(truth.text)
  const chunkBytes = rule.bytes ?? 16
  response.writeHead(truth.status, { 'content-type': truth.contentType, 'content-length': bytes.length })
  for (let offset = 0; offset < bytes.length && !response.destroyed; offset += chunkBytes) {
    response.write(bytes.subarray(offset, offset + chunkBytes))
    await delay(rule.ms ?? 50, undefined, { signal })
  }
  response.end()
}

/** Promises the whole length and hangs up half-way. */
async function cut({ response, truth }: Delivery): Promise<void> {
  const bytes = Buffer.from(truth.text)
  response.writeHead(truth.status, { 'content-type': truth.contentType, 'content-length': bytes.length })
  if (!response.write(bytes.subarray(0, Math.floor(bytes.length / 2)))) await once(response, 'drain')
  response.socket?.end()
}

/** Two bytes that no UTF-8 text has, inside the first string value of a real truth. */
function invalidUtf8({ response, truth }: Delivery): void {
  const at = truth.text.indexOf(':"') + 2
  const bytes = Buffer.concat([
    Buffer.from(truth.text.slice(0, at)),
    Buffer.from([0xff, 0xfe]),
    Buffer.from(truth.text.slice(at)),
  ])
  response.writeHead(200, { 'content-type': truth.contentType, 'content-length': bytes.length }).end(bytes)
}

async function gzipBomb({ response, rule }: Delivery): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
  await pipeline(Readable.from(bloatedJson(rule.bytes ?? 200 * MIB)), createGzip({ level: 1 }), response)
}

async function huge({ response, rule }: Delivery): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' })
  await pipeline(Readable.from(bloatedJson(rule.bytes ?? 64 * MIB)), response)
}

/** Valid JSON of about `totalBytes`, never held in memory whole. */
function* bloatedJson(totalBytes: number): Generator<Buffer> {
  const chunk = Buffer.alloc(64 * 1024, ' ')
  yield Buffer.from('{"status":200,"success":true,"data":{"title":"')
  for (let left = totalBytes; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(left, chunk.length))
  yield Buffer.from('"}}')
}

import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { createGzip } from 'node:zlib'
import { failure, json, type SandboxResponse, send, spEnvelope } from './response.js'
import { unauthorised } from './tokens.js'

/** What happens in place of the true response, or to it. */
export interface Failure extends FailureOptions {
  readonly kind: FailureKind
}

export type FailureKind = keyof typeof DELIVERIES

export interface FailureOptions {
  /** Carries the request out before it fails, so that a write has happened though its response is lost. Default false. */
  readonly applies?: boolean
  /** `latency`: how long, default 100; `drip`: between chunks, default 50. */
  readonly ms?: number
  /** `drip`: bytes in a chunk, default 16. `gzip-bomb` (default 200 MiB), `huge` (default 64 MiB): total bytes. */
  readonly bytes?: number
  /** `rate-limited`: seconds in `Retry-After`; no header when left out. */
  readonly retryAfterSeconds?: number
  /** `redirect`: default another host. */
  readonly location?: string
}

export interface Delivery {
  readonly response: ServerResponse
  readonly failure: Failure
  /** The true response, for the kinds that spoil it. */
  readonly truth: SandboxResponse
  /** Fires when the sandbox stops. */
  readonly signal: AbortSignal
}

/** Whether the request is carried out before it fails. */
export function isCarriedOut({ kind, applies = false }: Failure): boolean {
  return applies || Object.hasOwn(SPOILING, kind)
}

/** Responds, or does not, as the failure says. */
export async function deliverFailure(delivery: Delivery): Promise<void> {
  await DELIVERIES[delivery.failure.kind](delivery)
}

type Deliver = (delivery: Delivery) => void | Promise<void>

const HTML = 'text/html; charset=UTF-8'
const MIB = 1024 * 1024

/** Failures of the true response: the request is carried out. */
const SPOILING = {
  'reset-after-write': reset,
  drip,
  truncated: ({ response, truth }) => send(response, { ...truth, text: truth.text.slice(0, truth.text.length / 2) }),
  cut,
  'wrong-content-type': ({ response, truth }) => send(response, { ...truth, contentType: HTML }),
  'invalid-utf8': invalidUtf8,
} satisfies Readonly<Record<string, Deliver>>

const DELIVERIES = {
  ...SPOILING,
  hang: () => undefined,
  reset,
  'html-500': always({ status: 500, contentType: HTML, text: '<!DOCTYPE html><h1>500 | Server Error</h1>' }),
  'json-500': always(failure(500, 'Server Error')),
  'empty-502': always({ status: 502, contentType: HTML, text: '' }),
  'empty-503': always({ status: 503, contentType: HTML, text: '' }),
  'rate-limited': ({ response, failure: { retryAfterSeconds: seconds } }) =>
    send(response, failure(429, 'Too Many Attempts.'), seconds === undefined ? {} : { 'retry-after': String(seconds) }),
  unauthorised: always(unauthorised()),
  'request-timeout': always(failure(408, 'Request Timeout')),
  redirect: ({ response, failure: { location = 'http://example.com/api/v1.0/accounts' } }) =>
    send(response, { status: 302, contentType: HTML, text: 'Redirecting' }, { location }),
  'gzip-bomb': async ({ response, failure: { bytes = 200 * MIB } }) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
    await pipeline(Readable.from(bloatedJson(bytes)), createGzip({ level: 1 }), response)
  },
  huge: async ({ response, failure: { bytes = 64 * MIB } }) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    await pipeline(Readable.from(bloatedJson(bytes)), response)
  },
  'success-false': always(
    json(200, JSON.stringify({ status: 200, success: false, error: { code: 'SP002', message: 'General failure' } })),
  ),
  'no-content': ({ response }) => void response.writeHead(204).end(),
  'sp-envelope': always(spEnvelope(200, 'SP001', 'Transaction failed')),
} satisfies Readonly<Record<string, Deliver>>

export const FAILURE_KINDS = Object.keys(DELIVERIES) as readonly FailureKind[]

function always(sent: SandboxResponse): Deliver {
  return ({ response }) => send(response, sent)
}

/** A TCP reset instead of an orderly end. */
function reset({ response }: Delivery): void {
  response.socket?.resetAndDestroy()
}

async function drip({ response, truth, failure, signal }: Delivery): Promise<void> {
  const { bytes: chunkBytes = 16, ms = 50 } = failure
  const bytes = startOf(response, truth)
  for (let offset = 0; offset < bytes.length && !response.destroyed; offset += chunkBytes) {
    response.write(bytes.subarray(offset, offset + chunkBytes))
    await delay(ms, undefined, { signal })
  }
  response.end()
}

/** Promises the whole length and hangs up half-way. */
async function cut({ response, truth }: Delivery): Promise<void> {
  const bytes = startOf(response, truth)
  if (!response.write(bytes.subarray(0, bytes.length / 2))) await once(response, 'drain')
  response.socket?.end()
}

/** Sends the head of a response, and returns the body that it promises. */
function startOf(response: ServerResponse, { status, contentType, text }: SandboxResponse): Buffer {
  const bytes = Buffer.from(text)
  response.writeHead(status, { 'content-type': contentType, 'content-length': bytes.length })
  return bytes
}

/** Two bytes that no UTF-8 text has, inside the first string of the true response. */
function invalidUtf8({ response, truth: { contentType, text } }: Delivery): void {
  const at = text.indexOf(':"') + 2
  const bytes = Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from([0xff, 0xfe]), Buffer.from(text.slice(at))])
  response.writeHead(200, { 'content-type': contentType, 'content-length': bytes.length }).end(bytes)
}

/** Valid JSON of about `totalBytes`, never held in memory whole. */
function* bloatedJson(totalBytes: number): Generator<Buffer> {
  const chunk = Buffer.alloc(64 * 1024, ' ')
  yield Buffer.from('{"status":200,"success":true,"data":{"title":"')
  for (let left = totalBytes; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(left, chunk.length))
  yield Buffer.from('"}}')
}

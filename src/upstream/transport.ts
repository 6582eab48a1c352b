import http from 'node:http'
import https from 'node:https'
import got, { RequestError, type Response } from 'got'
import { ACCEPTED_ENCODINGS, decode } from './encodings.js'
import { type Exchange, ExchangeError, type ExchangeFault, type HttpAnswer, type HttpCall } from './exchange.js'

/** Bytes of one answer after decompression. */
export const ANSWER_BYTES_MAX = 8 * 1024 * 1024

export interface Transport {
  readonly exchange: Exchange
  /** Closes the connections that reads keep open. A write under way has its own and is not touched. */
  close(): void
}

/**
 * The only home of got. Here got only moves bytes: retries, redirects, cookies, hooks, JSON, decompression and status
 * errors are off, the whole time of an exchange is one timer of ours, and an answer is cut off as soon as it is too large.
 */
export function createTransport(): Transport {
  const kept = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) }
  // A kept connection may have been closed by the other side at that moment: a write on it would be a lost answer.
  const own = { http: new http.Agent({ keepAlive: false }), https: new https.Agent({ keepAlive: false }) }
  return {
    exchange: (call) => run(call, call.method === 'GET' ? kept : own),
    close: () => {
      kept.http.destroy()
      kept.https.destroy()
    },
  }
}

interface Agents {
  readonly http: http.Agent
  readonly https: https.Agent
}

const prepared = got.extend({
  retry: { limit: 0 },
  followRedirect: false,
  throwHttpErrors: false,
  responseType: 'buffer',
  decompress: false,
  headers: { 'user-agent': 'singapay-payment-link-gateway', 'accept-encoding': ACCEPTED_ENCODINGS },
})

async function run(call: HttpCall, agent: Agents): Promise<HttpAnswer> {
  if (call.signal?.aborted === true) throw new ExchangeError('cut-off', false)
  const { method, headers, body, signal } = call
  const answer = prepared(call.url, { method, headers, agent, ...(body === undefined ? {} : { body }) })
  let fault: ExchangeFault | undefined
  const end = (why: ExchangeFault) => {
    fault ??= why
    answer.cancel()
  }
  const cutOff = () => end('cut-off')
  const timer = setTimeout(() => end('timed-out'), call.timeoutMs)
  signal?.addEventListener('abort', cutOff, { once: true })
  answer.on('downloadProgress', ({ transferred, total = 0 }) => {
    if (Math.max(transferred, total) > ANSWER_BYTES_MAX) end('too-large')
  })
  try {
    return await unpack(await answer)
  } catch (error) {
    throw toExchangeError(error, fault)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', cutOff)
  }
}

/** Bounded like what came over the wire: a small gzip may hold gigabytes. */
async function unpack({
  statusCode,
  headers,
  rawBody,
}: Pick<Response, 'statusCode' | 'headers' | 'rawBody'>): Promise<HttpAnswer> {
  try {
    const bytes = await decode(rawBody, headers['content-encoding'] ?? '', ANSWER_BYTES_MAX)
    return { status: statusCode, retryAfter: headers['retry-after'], bytes }
  } catch {
    throw new ExchangeError('unreadable', true)
  }
}

/** What got throws holds the URL and the token: only the system's code leaves this file. */
function toExchangeError(error: unknown, fault: ExchangeFault | undefined): ExchangeError {
  if (error instanceof ExchangeError) return error
  if (!(error instanceof RequestError)) return new ExchangeError(fault ?? 'broken', true)
  const isConnected =
    error.options.url instanceof URL && error.options.url.protocol === 'https:' ? 'secureConnect' : 'connect'
  const wasSent = error.timings?.[isConnected] !== undefined
  return new ExchangeError(fault ?? (UNREADABLE.test(error.code) ? 'unreadable' : 'broken'), wasSent, error.code)
}

/** Codes of Node's HTTP parser. */
const UNREADABLE = /^HPE_/

import http from 'node:http'
import https from 'node:https'
import got, { RequestError, type Response } from 'got'
import { ACCEPTED_ENCODINGS, decode } from './encodings.js'
import { type HttpRequest, type HttpResponse, type SendHttp, TransportError, type TransportFault } from './http.js'

/** Bytes of one response body after decompression. */
export const RESPONSE_BYTES_MAX = 8 * 1024 * 1024

export interface Transport {
  readonly sendHttp: SendHttp
  /** Closes the connections that reads keep alive. A write in progress has its own and is not touched. */
  close(): void
}

/**
 * The only file that uses got, and only to move bytes: retries, redirects, cookies, hooks, JSON, decompression and status
 * errors are off. One timer of ours bounds the whole request, and a response is cut off once it is too large.
 */
export function createTransport(): Transport {
  const reused = agents({ keepAlive: true })
  // The upstream may close an idle connection just as it is reused: a write on it would be lost.
  const single = agents({ keepAlive: false })
  return {
    sendHttp: (request) => send(request, request.method === 'GET' ? reused : single),
    close: () => {
      for (const agent of Object.values(reused)) agent.destroy()
    },
  }
}

function agents(options: http.AgentOptions): { readonly http: http.Agent; readonly https: https.Agent } {
  return { http: new http.Agent(options), https: new https.Agent(options) }
}

const client = got.extend({
  retry: { limit: 0 },
  followRedirect: false,
  throwHttpErrors: false,
  responseType: 'buffer',
  decompress: false,
  headers: { 'user-agent': 'singapay-payment-link-gateway', 'accept-encoding': ACCEPTED_ENCODINGS },
})

async function send(request: HttpRequest, agent: ReturnType<typeof agents>): Promise<HttpResponse> {
  if (request.signal?.aborted === true) throw new TransportError('aborted', false)
  const { method, headers, body, signal } = request
  const responding = client(request.url, { method, headers, agent, ...(body === undefined ? {} : { body }) })
  let fault: TransportFault | undefined
  const end = (why: TransportFault) => {
    fault ??= why
    responding.cancel()
  }
  const abort = () => end('aborted')
  const timer = setTimeout(() => end('timed-out'), request.timeoutMs)
  signal?.addEventListener('abort', abort, { once: true })
  responding.on('downloadProgress', ({ transferred, total = 0 }) => {
    if (Math.max(transferred, total) > RESPONSE_BYTES_MAX) end('too-large')
  })
  try {
    return await unpack(await responding)
  } catch (error) {
    throw toTransportError(error, fault)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

/** Limits the decompressed size too: a small gzip may hold gigabytes. */
async function unpack({
  statusCode,
  headers,
  rawBody,
}: Pick<Response, 'statusCode' | 'headers' | 'rawBody'>): Promise<HttpResponse> {
  try {
    const bytes = await decode(rawBody, headers['content-encoding'] ?? '', RESPONSE_BYTES_MAX)
    return { status: statusCode, retryAfter: headers['retry-after'], bytes }
  } catch {
    throw new TransportError('unreadable', true)
  }
}

/** got's errors hold the URL and the token: only the system's code leaves this file. */
function toTransportError(error: unknown, fault: TransportFault | undefined): TransportError {
  if (error instanceof TransportError) return error
  if (!(error instanceof RequestError)) return new TransportError(fault ?? 'broken', true)
  const isConnected =
    error.options.url instanceof URL && error.options.url.protocol === 'https:' ? 'secureConnect' : 'connect'
  const wasSent = error.timings?.[isConnected] !== undefined
  return new TransportError(fault ?? (HTTP_PARSER_CODE.test(error.code) ? 'unreadable' : 'broken'), wasSent, error.code)
}

const HTTP_PARSER_CODE = /^HPE_/

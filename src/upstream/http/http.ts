/** The contract of the transport: one HTTP request and its response. It knows nothing about envelopes or tokens. */

export interface HttpRequest {
  readonly method: 'GET' | 'PUT' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** From the start until the last byte of the response. */
  readonly timeoutMs: number
  /** Aborts the request; absent for writes, which run to their end. */
  readonly signal?: AbortSignal | undefined
}

export interface HttpResponse {
  readonly status: number
  /** The `Retry-After` header as it came. */
  readonly retryAfter: string | undefined
  /** The body, decompressed. */
  readonly bytes: Uint8Array
}

/** Resolves with any complete response, whatever its status; rejects with a `TransportError`. */
export type SendHttp = (request: HttpRequest) => Promise<HttpResponse>

/** `aborted`: by the signal. `unreadable`: not HTTP, or not what its encoding says. `broken`: the network. */
export type TransportFault = 'aborted' | 'timed-out' | 'too-large' | 'unreadable' | 'broken'

/** A request without a complete response. Holds no host, URL or header, so that it may be logged. */
export class TransportError extends Error {
  override readonly name = 'TransportError'

  constructor(
    readonly fault: TransportFault,
    /** False when no connection was made, so that the upstream cannot have seen any of the request. */
    readonly wasSent: boolean,
    /** The system's code, `ECONNREFUSED`. */
    readonly systemCode?: string,
  ) {
    super(`No complete response: ${fault}${systemCode === undefined ? '' : ` (${systemCode})`}.`)
  }
}

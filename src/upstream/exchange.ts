/** One HTTP exchange: what a transport is given and what it gives back. Knows nothing of envelopes or tokens. */
export interface HttpCall {
  readonly method: 'GET' | 'PUT' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** From the start until the last byte of the answer. */
  readonly timeoutMs: number
  /** Cuts the exchange off; absent for writes, which run to their end. */
  readonly signal?: AbortSignal | undefined
}

export interface HttpAnswer {
  readonly status: number
  /** The `Retry-After` header as it came. */
  readonly retryAfter: string | undefined
  /** The body, decompressed. */
  readonly bytes: Uint8Array
}

/** Resolves with any whole answer, whatever its status; rejects with an `ExchangeError`. */
export type Exchange = (call: HttpCall) => Promise<HttpAnswer>

/** `cut-off`: by the signal. `unreadable`: not HTTP, or not what its encoding says. `broken`: the network. */
export type ExchangeFault = 'cut-off' | 'timed-out' | 'too-large' | 'unreadable' | 'broken'

/** An exchange without a whole answer. Holds neither host nor URL nor header, so that it may be logged. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError'

  constructor(
    readonly fault: ExchangeFault,
    /** False when no connection was made, so that the upstream cannot have seen a byte of the call. */
    readonly wasSent: boolean,
    /** The system's word for it, `ECONNREFUSED`. */
    readonly systemCode?: string,
  ) {
    super(`No whole answer: ${fault}${systemCode === undefined ? '' : ` (${systemCode})`}.`)
  }
}

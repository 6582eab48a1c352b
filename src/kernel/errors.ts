/** Every error code a response can have. A test keeps `docs/errors.md` equal to this table. */
export const ERROR_TABLE = {
  GRAPHQL_PARSE_FAILED: { retryable: false, when: 'The operation is not valid GraphQL syntax.' },
  GRAPHQL_VALIDATION_FAILED: { retryable: false, when: 'The operation does not match the schema.' },
  BAD_USER_INPUT: { retryable: false, when: 'An argument or a variable has a value that the field does not accept.' },
  OPERATION_RESOLUTION_FAILURE: { retryable: false, when: 'The document has no operation with the given name.' },
  BAD_REQUEST: { retryable: false, when: 'The HTTP layer refused the request before GraphQL saw it.' },
  QUERY_TOO_COMPLEX: {
    retryable: false,
    when: 'The operation is over a limit; the message gives its value and the limit.',
  },
  OPERATION_NOT_ALLOWED: { retryable: false, when: 'Only trusted documents are served, and this is not one.' },
  PERSISTED_QUERY_NOT_SUPPORTED: { retryable: false, when: 'Automatic persisted queries are not supported.' },
  UNAUTHENTICATED: { retryable: false, when: 'The credentials are missing or invalid.' },
  FORBIDDEN: { retryable: false, when: 'The caller, or the credential used upstream, has no access to this account.' },
  NOT_FOUND: { retryable: false, when: '`paymentLinks` of an account that does not exist.' },
  RATE_LIMITED: { retryable: true, when: 'The caller sent too many requests, or the gateway sent too many upstream.' },
  OVERLOADED: { retryable: true, when: 'The gateway is overloaded, or cannot fetch the keys that verify tokens.' },
  REQUEST_TIMEOUT: { retryable: true, when: 'The request as a whole ran out of time.' },
  UPSTREAM_TIMEOUT: { retryable: true, when: 'The upstream sent no complete response in time.' },
  UPSTREAM_UNAVAILABLE: { retryable: true, when: 'The upstream cannot be reached, or responded with 5xx.' },
  UPSTREAM_UNAUTHENTICATED: { retryable: false, when: "The upstream refused the gateway's credentials or IP address." },
  UPSTREAM_REJECTED: { retryable: false, when: 'The upstream refused the call.' },
  UPSTREAM_MALFORMED: { retryable: false, when: 'The upstream sent a response that the gateway cannot read.' },
  WRITE_BUSY: {
    retryable: true,
    when: 'There was too little time left for a write, or the link stayed locked by another; nothing was sent.',
  },
  UPSTREAM_OUTCOME_UNKNOWN: {
    retryable: false,
    when: 'The response to a write was lost, and reading the link back did not show whether it was applied.',
  },
  INTERNAL_SERVER_ERROR: { retryable: false, when: 'Any other error; its message is masked.' },
} as const satisfies Record<string, { readonly retryable: boolean; readonly when: string }>

export type ErrorCode = keyof typeof ERROR_TABLE

export interface GatewayErrorDetails {
  /** How long to wait before trying again, if known. */
  readonly retryAfterMs?: number | undefined
  /** The HTTP status of the upstream's response. */
  readonly upstreamStatus?: number | undefined
  /** Logged, never shown to a caller. */
  readonly cause?: unknown
}

/** An error whose code and message may be shown to callers as they are. */
export class GatewayError extends Error {
  override readonly name: string = 'GatewayError'
  readonly retryAfterMs: number | undefined
  readonly upstreamStatus: number | undefined

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: GatewayErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.retryAfterMs = details.retryAfterMs
    this.upstreamStatus = details.upstreamStatus
  }
}

/** An invalid argument; the message says what was expected and what it got. */
export function badUserInput(message: string): GatewayError {
  return new GatewayError('BAD_USER_INPUT', message)
}

/** Whether this is a `GatewayError` with this code. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof GatewayError && error.code === code
}

/** The thrown value if it is an error, otherwise an error with it as its cause. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('something other than an error was thrown', { cause: thrown })
}

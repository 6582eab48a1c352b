/** Every error code an answer can carry; `docs/errors.md` is held equal to this table, both ways, by a test. */
export const ERROR_TABLE = {
  GRAPHQL_PARSE_FAILED: { retryable: false, when: 'The operation is not GraphQL.' },
  GRAPHQL_VALIDATION_FAILED: { retryable: false, when: 'The operation does not fit the schema.' },
  BAD_USER_INPUT: { retryable: false, when: 'An argument or a variable has a value that the field cannot take.' },
  OPERATION_RESOLUTION_FAILURE: { retryable: false, when: 'The document has no operation of the given name.' },
  BAD_REQUEST: { retryable: false, when: 'The HTTP layer refuses the request before GraphQL sees it.' },
  QUERY_TOO_COMPLEX: { retryable: false, when: 'The operation is over a limit; the message names figure and limit.' },
  OPERATION_NOT_ALLOWED: { retryable: false, when: 'Only trusted documents are served and this is none.' },
  PERSISTED_QUERY_NOT_SUPPORTED: { retryable: false, when: 'Automatic persisted queries are off.' },
  UNAUTHENTICATED: { retryable: false, when: 'The caller is not known.' },
  FORBIDDEN: { retryable: false, when: 'The caller, or the credential upstream, may not see this account.' },
  NOT_FOUND: { retryable: false, when: '`paymentLinks` of an account that does not exist.' },
  RATE_LIMITED: { retryable: true, when: 'Too many requests, of the caller or of the gateway upstream.' },
  OVERLOADED: { retryable: true, when: 'The gateway has more to do than it can, or cannot have the keys of callers.' },
  REQUEST_TIMEOUT: { retryable: true, when: 'The whole request ran out of time.' },
  UPSTREAM_TIMEOUT: { retryable: true, when: 'The upstream gave no whole answer in time.' },
  UPSTREAM_UNAVAILABLE: { retryable: true, when: 'The upstream cannot be reached or answered 5xx.' },
  UPSTREAM_UNAUTHENTICATED: { retryable: false, when: "The upstream refuses the gateway's credentials or address." },
  UPSTREAM_REJECTED: { retryable: false, when: 'The upstream refused the call.' },
  UPSTREAM_MALFORMED: { retryable: false, when: 'The upstream answered something that cannot be read.' },
  WRITE_BUSY: { retryable: true, when: 'Too little time, or no turn, for a write; nothing was sent.' },
  UPSTREAM_OUTCOME_UNKNOWN: {
    retryable: false,
    when: "A write's answer was lost and its effect could not be read back.",
  },
  INTERNAL_SERVER_ERROR: { retryable: false, when: 'Anything else, masked.' },
} as const satisfies Record<string, { readonly retryable: boolean; readonly when: string }>

export type ErrorCode = keyof typeof ERROR_TABLE

export interface GatewayErrorDetails {
  /** How long to wait before asking again, when it is known. */
  readonly retryAfterMs?: number | undefined
  /** The HTTP status the upstream answered with. */
  readonly upstreamStatus?: number | undefined
  /** For the log only; never shown to a caller. */
  readonly cause?: unknown
}

/** An error whose code and message may be shown to a caller as they are. */
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

/** A wrong argument: says what was expected and what came. */
export function badUserInput(message: string): GatewayError {
  return new GatewayError('BAD_USER_INPUT', message)
}

/** Whether it is an error of ours with this code. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof GatewayError && error.code === code
}

/** What was thrown, as an error whatever it was. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('something else than an error was thrown', { cause: thrown })
}

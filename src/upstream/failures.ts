import { type ErrorCode, GatewayError } from '../kernel/errors.js'
import { UNREADABLE_RESPONSE } from '../kernel/unreadable.js'
import { TransportError } from './http/http.js'

/**
 * What is known about the effect of a call. `not-sent`: the upstream saw nothing of it. `refused`: the upstream proved that
 * it did nothing. `lost`: it may have done something.
 */
export type Outcome = 'not-sent' | 'refused' | 'lost'

/**
 * How a call failed. `answered`: with a refusal that we understand. `token-refused`: with a 401. `unreadable`: with a response
 * that we do not understand. `timed-out`, `broken`: without a complete response. `crowded`: in a full queue, not sent.
 */
export type FailureKind = 'answered' | 'token-refused' | 'unreadable' | 'timed-out' | 'broken' | 'crowded'

export type FailureCode = Extract<
  ErrorCode,
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'RATE_LIMITED'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_UNAUTHENTICATED'
  | 'UPSTREAM_REJECTED'
  | 'UPSTREAM_MALFORMED'
>

export interface FailureDetails {
  readonly kind: FailureKind
  readonly outcome: Outcome
  readonly upstreamStatus?: number | undefined
  readonly retryAfterMs?: number | undefined
  readonly upstreamMessage?: string | undefined
  readonly fieldMessages?: ReadonlyMap<string, readonly string[]> | undefined
  readonly cause?: unknown
}

/**
 * A call without a successful response. Its message is a constant sentence and may be shown. The upstream's own words are
 * behind getters, so that printing the fields of an error does not print them.
 */
export class UpstreamFailure extends GatewayError {
  override readonly name = 'UpstreamFailure'
  readonly kind: FailureKind
  readonly outcome: Outcome
  readonly #upstreamMessage: string | undefined
  readonly #fieldMessages: ReadonlyMap<string, readonly string[]>

  constructor(
    override readonly code: FailureCode,
    details: FailureDetails,
  ) {
    super(code, MESSAGES[code], details)
    this.kind = details.kind
    this.outcome = details.outcome
    this.#upstreamMessage = details.upstreamMessage
    this.#fieldMessages = details.fieldMessages ?? new Map()
  }

  /** The upstream's own words, to tell refusals apart; never shown or logged. */
  get upstreamMessage(): string | undefined {
    return this.#upstreamMessage
  }

  /** The system's code for a broken connection, `ECONNREFUSED`; for the log. */
  get systemCode(): string | undefined {
    return this.cause instanceof TransportError ? this.cause.systemCode : undefined
  }

  /** The upstream's messages by its own field names; empty when it named no field. */
  get fieldMessages(): ReadonlyMap<string, readonly string[]> {
    return this.#fieldMessages
  }

  /** The same failure with some details changed. */
  with({ code = this.code, ...changes }: Partial<FailureDetails> & { readonly code?: FailureCode }): UpstreamFailure {
    const { kind, outcome, upstreamStatus, retryAfterMs, upstreamMessage, fieldMessages, cause } = this
    const details = { kind, outcome, upstreamStatus, retryAfterMs, upstreamMessage, fieldMessages, cause }
    return new UpstreamFailure(code, { ...details, ...changes })
  }
}

const MESSAGES: Readonly<Record<FailureCode, string>> = {
  UNAUTHENTICATED: "The upstream refuses the caller's credentials.",
  FORBIDDEN: 'The upstream refuses access to this account.',
  NOT_FOUND: 'Nothing exists under this id.',
  RATE_LIMITED: 'The upstream received too many calls.',
  UPSTREAM_TIMEOUT: 'The upstream did not respond in time.',
  UPSTREAM_UNAVAILABLE: 'The upstream cannot be reached or failed.',
  UPSTREAM_UNAUTHENTICATED: "The upstream refuses the gateway's credentials or address.",
  UPSTREAM_REJECTED: 'The upstream refused the call.',
  UPSTREAM_MALFORMED: UNREADABLE_RESPONSE,
}

/** A call without a complete response was not sent if it made no connection; otherwise its effect is unknown. */
export function toTransportFailure(error: TransportError): UpstreamFailure {
  const outcome: Outcome = error.wasSent ? 'lost' : 'not-sent'
  switch (error.fault) {
    case 'timed-out':
      return new UpstreamFailure('UPSTREAM_TIMEOUT', { kind: 'timed-out', outcome, cause: error })
    case 'too-large':
    case 'unreadable':
      return new UpstreamFailure('UPSTREAM_MALFORMED', { kind: 'unreadable', outcome: 'lost', cause: error })
    case 'broken':
    case 'aborted':
      return new UpstreamFailure('UPSTREAM_UNAVAILABLE', { kind: 'broken', outcome, cause: error })
  }
}

/** A complete response that says neither yes nor an understandable no. */
export function unreadableResponse(upstreamStatus: number): UpstreamFailure {
  return new UpstreamFailure('UPSTREAM_MALFORMED', { kind: 'unreadable', outcome: 'lost', upstreamStatus })
}

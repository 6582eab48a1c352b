import { type ErrorCode, GatewayError } from '../kernel/errors.js'
import { ExchangeError } from './exchange.js'

/**
 * What is known of a call's effect. `not-sent`: the upstream saw nothing of it. `refused`: it answered a definite no.
 * `lost`: it may have acted.
 */
export type Outcome = 'not-sent' | 'refused' | 'lost'

/** Where a call ended: the upstream answered no, answered something unreadable, or gave no whole answer. */
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
 * A call that brought no successful answer. Its own message is a constant sentence and may be shown; what the upstream
 * said is behind getters, so that nothing that prints the fields of an error prints it.
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
    super(code, SENTENCES[code], details)
    this.kind = details.kind
    this.outcome = details.outcome
    this.#upstreamMessage = details.upstreamMessage
    this.#fieldMessages = details.fieldMessages ?? new Map()
  }

  /** The upstream's own words, to tell refusals apart; never shown, never logged. */
  get upstreamMessage(): string | undefined {
    return this.#upstreamMessage
  }

  /** The system's word for a broken connection, `ECONNREFUSED`; for the log. */
  get systemCode(): string | undefined {
    return this.cause instanceof ExchangeError ? this.cause.systemCode : undefined
  }

  /** The upstream's words on each field that it refused, by its own field names; empty when it named none. */
  get fieldMessages(): ReadonlyMap<string, readonly string[]> {
    return this.#fieldMessages
  }

  /** The same failure, told otherwise. */
  with({ code = this.code, ...changes }: Partial<FailureDetails> & { readonly code?: FailureCode }): UpstreamFailure {
    const { kind, outcome, upstreamStatus, retryAfterMs, upstreamMessage, fieldMessages, cause } = this
    const details = { kind, outcome, upstreamStatus, retryAfterMs, upstreamMessage, fieldMessages, cause }
    return new UpstreamFailure(code, { ...details, ...changes })
  }
}

const SENTENCES: Readonly<Record<FailureCode, string>> = {
  UNAUTHENTICATED: "The upstream refuses the caller's credentials.",
  FORBIDDEN: 'The upstream refuses access to this account.',
  NOT_FOUND: 'There is nothing under this id.',
  RATE_LIMITED: 'The upstream is asked too often.',
  UPSTREAM_TIMEOUT: 'The upstream gave no whole answer in time.',
  UPSTREAM_UNAVAILABLE: 'The upstream cannot be reached or failed.',
  UPSTREAM_UNAUTHENTICATED: "The upstream refuses the gateway's credentials or address.",
  UPSTREAM_REJECTED: 'The upstream refused the call.',
  UPSTREAM_MALFORMED: 'The upstream answered something that cannot be read.',
}

/** A call without a whole answer. What made no connection was not sent; of anything else the effect is unknown. */
export function failureOfExchange(error: ExchangeError): UpstreamFailure {
  const outcome: Outcome = error.wasSent ? 'lost' : 'not-sent'
  switch (error.fault) {
    case 'timed-out':
      return new UpstreamFailure('UPSTREAM_TIMEOUT', { kind: 'timed-out', outcome, cause: error })
    case 'too-large':
    case 'unreadable':
      return new UpstreamFailure('UPSTREAM_MALFORMED', { kind: 'unreadable', outcome: 'lost', cause: error })
    case 'broken':
    case 'cut-off':
      return new UpstreamFailure('UPSTREAM_UNAVAILABLE', { kind: 'broken', outcome, cause: error })
  }
}

/** An answer that came whole and says neither yes nor a no that can be understood. */
export function unreadableAnswer(upstreamStatus: number): UpstreamFailure {
  return new UpstreamFailure('UPSTREAM_MALFORMED', { kind: 'unreadable', outcome: 'lost', upstreamStatus })
}

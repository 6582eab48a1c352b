import { createDeadline, type Deadline } from '../../kernel/deadline.js'
import { GatewayError } from '../../kernel/errors.js'
import { UpstreamFailure } from '../../upstream/failures.js'
import { MalformedResponse } from '../../upstream/malformed-response.js'
import type { RequestScope } from '../scope.js'
import { notApplied, rejected, type UserError } from './user-error.js'
import type { WriteResult } from './write-result.js'

/** A write that was decided on. Its closures hold the state it was decided on and the change requested. */
export interface PreparedWrite<State, Own extends string = never> {
  /**
   * Sends it: one upstream call. Resolves with the state that the response shows, undefined if that is unreadable.
   * @throws MalformedResponse when the upstream accepted the write with an unreadable response
   */
  send(deadline: Deadline): Promise<State | undefined>
  /** Rereads the state, past every cache. `known` adds what the response showed, if there was one. */
  readBack(deadline: Deadline, known: State | undefined): Promise<State>
  /** Compares a state with the change requested. */
  compare(state: State): Comparison
  /**
   * Whether a state proves that nothing was written: it has each field of the change, with another value than requested or
   * with the value from before. False by default.
   */
  isUntouched?(state: State, comparison: Comparison): boolean
  /** User errors for the upstream's messages on the fields it refused, by its own field names. */
  toUserErrors?(messages: FieldMessages): readonly UserError<Own>[]
}

/** Fields of a change that a state does not show as requested; if there are none, the change is applied. */
export interface Comparison {
  /** With another value. */
  readonly different: readonly string[]
  /** Not in the state, so that it is not known. */
  readonly absent: readonly string[]
}

export type FieldMessages = UpstreamFailure['fieldMessages']

export function isApplied({ different, absent }: Comparison): boolean {
  return different.length + absent.length === 0
}

/** A write, and what its result is derived from. */
interface Sending<State, Own extends string> {
  readonly write: PreparedWrite<State, Own>
  /** The state it was decided on. */
  readonly before: State
  readonly notFound: UserError<Own>
}

/**
 * Sends a write and finds out what became of it. A response that does not show the change is checked by a read, and a
 * lost response proves neither failure nor success. Both calls have a deadline of their own: they go on after the caller has
 * left.
 */
export async function sendOnce<State, Own extends string>(
  scope: RequestScope,
  sending: Sending<State, Own>,
): Promise<WriteResult<State, Own>> {
  try {
    return await new OneWrite(scope, sending).run()
  } catch (error) {
    // A bug of ours, perhaps after the upstream has written.
    return { kind: 'unknown', error, before: sending.before }
  }
}

export function outcomeUnknown(): GatewayError {
  const message = 'The change was sent, but whether it took effect is not known. Read it back before trying again.'
  return new GatewayError('UPSTREAM_OUTCOME_UNKNOWN', message)
}

class OneWrite<State, Own extends string> {
  constructor(
    private readonly scope: RequestScope,
    private readonly sending: Sending<State, Own>,
  ) {}

  async run(): Promise<WriteResult<State, Own>> {
    let shown: State | undefined
    try {
      shown = await this.#withOwnDeadline((deadline) => this.sending.write.send(deadline))
    } catch (error) {
      if (!(error instanceof MalformedResponse)) return this.#settleError(error)
    }
    return this.#settleAccepted(shown)
  }

  async #settleError(error: unknown): Promise<WriteResult<State, Own>> {
    if (!(error instanceof GatewayError)) throw error
    if (error instanceof UpstreamFailure && error.outcome === 'refused') return this.#settleRefused(error)
    if (error instanceof UpstreamFailure && error.outcome === 'lost') return this.#settleLost(error)
    // Of the gateway's errors, only an UpstreamFailure can come after the write was sent.
    return { kind: 'failed', error, before: this.sending.before }
  }

  async #settleAccepted(shown: State | undefined): Promise<WriteResult<State, Own>> {
    const { write, before } = this.sending
    if (shown !== undefined && isApplied(write.compare(shown))) return { kind: 'applied', state: shown, before }
    const state = await this.#readBack(shown)
    if (state === undefined) return this.#unknown()
    const { different } = write.compare(state)
    // A field that no read carries counts as applied: the upstream accepted it.
    if (different.length === 0) return { kind: 'applied', state, before }
    return { kind: 'not-applied', state, userErrors: different.map(notApplied), before }
  }

  async #settleLost(failure: UpstreamFailure): Promise<WriteResult<State, Own>> {
    const { write, before } = this.sending
    const state = await this.#readBack(undefined)
    if (state === undefined) return this.#unknown()
    const comparison = write.compare(state)
    if (isApplied(comparison)) return { kind: 'applied', state, before }
    if (isBareRefusal(failure) && write.isUntouched?.(state, comparison)) return this.#refused(failure, state)
    // Not visible yet is not refused: a write in progress upstream may take effect after the read.
    return this.#unknown()
  }

  /** A 404 may mean that the route is missing, not the object: it counts only if a read does not find the object either. */
  async #settleRefused(failure: UpstreamFailure): Promise<WriteResult<State, Own>> {
    const { before } = this.sending
    const state = failure.code === 'NOT_FOUND' ? await this.#readBack(before) : undefined
    if (state !== undefined) return { kind: 'refused', state, userErrors: [rejected], before }
    return this.#refused(failure, before)
  }

  /** Does not go by the HTTP status alone: the upstream also refuses with 200. */
  #refused(failure: UpstreamFailure, state: State): WriteResult<State, Own> {
    const { write, before, notFound } = this.sending
    const { code, upstreamStatus: status, fieldMessages } = failure
    if (code === 'NOT_FOUND') return { kind: 'refused', state: null, userErrors: [notFound], before }
    const isOfFields = status === 422 || fieldMessages.size > 0
    const isOfInput = isOfFields || status === 200 || status === 400 || status === 409
    if (code !== 'UPSTREAM_REJECTED' || !isOfInput) return { kind: 'failed', error: failure, before }
    const userErrors = isOfFields ? (write.toUserErrors?.(fieldMessages) ?? []) : []
    return { kind: 'refused', state, userErrors: userErrors.length > 0 ? userErrors : [rejected], before }
  }

  #unknown(): WriteResult<State, Own> {
    return { kind: 'unknown', error: outcomeUnknown(), before: this.sending.before }
  }

  async #readBack(known: State | undefined): Promise<State | undefined> {
    try {
      return await this.#withOwnDeadline((deadline) => this.sending.write.readBack(deadline, known))
    } catch {
      return undefined
    }
  }

  async #withOwnDeadline<T>(call: (deadline: Deadline) => Promise<T>): Promise<T> {
    const { clock, limits } = this.scope.services
    const deadline = createDeadline(clock, limits.upstreamTimeoutMs)
    try {
      return await call(deadline)
    } finally {
      deadline.release()
    }
  }
}

/** `success: false` without a code: a refusal that proves nothing by itself. */
function isBareRefusal({ code, kind }: UpstreamFailure): boolean {
  return code === 'UPSTREAM_REJECTED' && kind === 'answered'
}

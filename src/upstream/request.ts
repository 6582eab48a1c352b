import type { Deadline } from '../kernel/deadline.js'
import type { Access } from '../kernel/grants.js'
import type { Principal } from '../kernel/principal.js'

/** One upstream call as immutable data: built by `*.api.ts`, executed by the chain in `send.ts`. */
export interface UpstreamRequest {
  /** Names the call in logs and metrics, `payment-link.show`; never holds an id. */
  readonly operation: string
  readonly method: 'GET' | 'PUT'
  /** Whose data it is about: the caller's grants are held against this before anything else happens. */
  readonly account: AccountAccess | 'none'
  /** Segments below `/api`, plain; the transport encodes each: `['v1.0', 'payment-link-manage', accountId]`. */
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, string>>
  /** JSON text of a write, already encoded. */
  readonly body?: string
  /** What the answer depends on (reads) or changes (writes): see `caching.ts` on epochs. */
  readonly tags: readonly string[]
  /** `shared` may be answered by a flight under way or the cache; `fresh` by neither. Writes are always sent. */
  readonly freshness: 'shared' | 'fresh'
  /** The moment (epoch ms) from which an answer is no longer true by itself, when the answer says so. */
  readonly trueUntil?: (body: unknown) => number | undefined
}

/** An account and what is done to it; a read that a write is made of is part of the write. */
export interface AccountAccess {
  readonly id: string
  readonly access: Access
}

/** For whom a call is made and how long they wait. */
export interface CallContext {
  readonly principal: Principal
  readonly requestId: string
  readonly deadline: Deadline
}

/** A 2xx answer whose envelope says success. Shared between callers of one credential: nobody may change it. */
export interface UpstreamAnswer {
  readonly httpStatus: number
  /**
   * The whole JSON body. Numbers that a double cannot hold exactly are `LosslessNumber` (of lossless-json), every other
   * number is a plain number.
   */
  readonly body: unknown
}

/** An answer that was given before and may be given again. */
export interface KeptAnswer extends UpstreamAnswer {
  /** Moment of the monotonic clock at which it was asked for: of two that tell of one thing the later is the truer. */
  readonly startedAtMs: number
}

/** Looks up what is kept of a read, without asking the upstream; undefined when nothing is that may still be given. */
export type FindKept = (
  request: UpstreamRequest,
  context: Pick<CallContext, 'principal'>,
) => Promise<KeptAnswer | undefined>

/** Resolves to a successful answer or rejects with a `GatewayError` (an `UpstreamFailure` when the upstream was asked). */
export type Send = (request: UpstreamRequest, context: CallContext) => Promise<UpstreamAnswer>

import type { Deadline } from '../kernel/deadline.js'
import type { Requirement } from '../kernel/grants.js'
import type { Principal } from '../kernel/principal.js'

/** One upstream call as immutable data: built by `*.api.ts`, executed by the chain in `send.ts`. */
export interface UpstreamRequest<T> {
  /** Names the call in logs and metrics, `payment-link.show`, and with it how its response is parsed. Never holds an id. */
  readonly operation: string
  readonly method: 'GET' | 'PUT'
  /** What the caller must be granted; checked before anything is sent or looked up. */
  readonly requires: Requirement
  /** Segments below `/api`, plain; the transport encodes each: `['v1.0', 'payment-link-manage', accountId]`. */
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, string>>
  /** JSON text of a write, already encoded. */
  readonly body?: string
  /** What the response depends on (reads) or changes (writes): see `epochs.ts`. */
  readonly tags: readonly string[]
  /** `shared` may be served from the cache or join a read in flight; `fresh` may do neither. Writes are always sent. */
  readonly freshness: 'shared' | 'fresh'
  /**
   * Reads the JSON body of a successful response; runs once per response, however many callers share it. Numbers that a
   * double cannot hold exactly arrive as `LosslessNumber` (of lossless-json), every other number as a plain number.
   * @throws MalformedResponse
   */
  parse(body: unknown): T
  /** When the value goes out of date by itself, in epoch ms; undefined if it never does. */
  validUntil?(value: T): number | undefined
}

/** Who a call is made for, and how long they wait. */
export interface CallContext {
  readonly principal: Principal
  readonly requestId: string
  readonly deadline: Deadline
}

/** A value from the cache. */
export interface Cached<T> {
  readonly value: T
  /** When it was requested, on the monotonic clock: of two values for one row, the one with the later time is more recent. */
  readonly startedAtMs: number
}

/** Looks a read up in the cache without calling the upstream; undefined when nothing valid is cached. */
export type FindCached = <T>(
  request: UpstreamRequest<T>,
  context: Pick<CallContext, 'principal'>,
) => Promise<Cached<T> | undefined>

/**
 * Resolves to the parsed response, which callers of one credential share: do not change it.
 * @throws UpstreamFailure when the upstream was called without success
 * @throws MalformedResponse when it reported success but `parse` could not read the response
 * @throws GatewayError for any other reason, such as the end of the caller's time; a write was then not sent
 */
export type Send = <T>(request: UpstreamRequest<T>, context: CallContext) => Promise<T>

import type { Background } from '../kernel/background.js'
import type { Clock } from '../kernel/clock.js'
import type { Deadline } from '../kernel/deadline.js'
import { GatewayError } from '../kernel/errors.js'
import { findRefusal, type Requirement } from '../kernel/grants.js'
import { type Factory, Memo } from '../kernel/memo.js'
import { isAnonymous, type Principal } from '../kernel/principal.js'
import type { Logger } from '../telemetry/logger.js'
import type { Cached, CallContext, FindCached, Send, UpstreamRequest } from '../upstream/request.js'

/** What lives as long as the process and is shared by every request. */
export interface Services {
  readonly send: Send
  /** Absent when the cache is off. */
  readonly findCached?: FindCached | undefined
  readonly clock: Clock
  readonly logger: Logger
  readonly limits: Limits
  /** Work that must end before the process may: writes that have been sent. */
  readonly background: Background
}

export interface Limits {
  readonly upstreamTimeoutMs: number
  readonly requestTimeoutMs: number
  /** Keys in one key list (`paymentLinksByKeys`, `accountsByIds`). */
  readonly maxKeys: number
  /** Calls that one request may cause, whatever the upstream returns. */
  readonly maxUpstreamCalls: number
  /** Bytes of `optionalMetadata` as JSON in UTF-8. */
  readonly maxMetadataBytes: number
}

/** The process: owns what outlives a request, such as write locks and list hints. */
export class AppScope {
  readonly #memo = new Memo<AppScope>(this)

  constructor(readonly services: Services) {}

  get<T>(factory: Factory<AppScope, T>): T {
    return this.#memo.get(factory)
  }
}

/** One request: the GraphQL context. Loaders are built on first use and gone with the request. */
export class RequestScope {
  /** Not `#memo`: Apollo Server copies the context's own properties onto a new object, which loses private names. */
  private readonly memo = new Memo<RequestScope>(this)

  constructor(
    readonly app: AppScope,
    readonly principal: Principal,
    readonly requestId: string,
    readonly deadline: Deadline,
  ) {}

  get services(): Services {
    return this.app.services
  }

  get<T>(factory: Factory<RequestScope, T>): T {
    return this.memo.get(factory)
  }

  /**
   * The one place where grants are checked. `send` and `findCached` check first, so that neither the cache nor a read in
   * flight can serve a caller without the grant. A write also checks before it takes a lock.
   * @throws GatewayError UNAUTHENTICATED for an anonymous caller, FORBIDDEN without the grant
   */
  authorize(requirement: Requirement): void {
    if (isAnonymous(this.principal)) throw new GatewayError('UNAUTHENTICATED', 'This needs a known caller.')
    const refusal = findRefusal(this.principal.grants, requirement)
    if (refusal !== undefined) throw new GatewayError('FORBIDDEN', refusal)
  }

  /**
   * Looks a read up in the cache, which costs no call; undefined when nothing valid is cached.
   * @throws GatewayError as `authorize` does
   */
  async findCached<T>(request: UpstreamRequest<T>): Promise<Cached<T> | undefined> {
    this.authorize(request.requires)
    return this.services.findCached?.(request, this)
  }

  /**
   * Sends on behalf of this request's caller, inside this request's deadline unless another one is given. A call with a
   * deadline of its own, a write or its read-back, counts towards the limit but is never refused by it.
   * @throws GatewayError as `authorize` does, and QUERY_TOO_COMPLEX when the upstream's behaviour makes a request cost
   *   more calls than it was admitted for
   */
  async send<T>(request: UpstreamRequest<T>, deadline: Deadline = this.deadline): Promise<T> {
    this.authorize(request.requires)
    const { maxUpstreamCalls } = this.services.limits
    if (this.get(callCount).next() > maxUpstreamCalls && deadline === this.deadline) {
      throw new GatewayError('QUERY_TOO_COMPLEX', `MAX_UPSTREAM_CALLS: at most ${maxUpstreamCalls}, but it takes more.`)
    }
    const context: CallContext = { principal: this.principal, requestId: this.requestId, deadline }
    return this.services.send(request, context)
  }
}

/** Behind a factory, so that every copy of a scope shares one count. */
function callCount(_scope: RequestScope): { next(): number } {
  let calls = 0
  return { next: () => ++calls }
}

import type { Background } from '../kernel/background.js'
import type { Clock } from '../kernel/clock.js'
import type { Deadline } from '../kernel/deadline.js'
import { GatewayError } from '../kernel/errors.js'
import { allows } from '../kernel/grants.js'
import { type Factory, Memo } from '../kernel/memo.js'
import { isAnonymous, type Principal } from '../kernel/principal.js'
import type { Logger } from '../telemetry/logger.js'
import type {
  AccountAccess,
  CallContext,
  FindKept,
  KeptAnswer,
  Send,
  UpstreamAnswer,
  UpstreamRequest,
} from '../upstream/request.js'

/** What lives as long as the process and is handed to every request. */
export interface Services {
  readonly send: Send
  /** Absent where nothing is kept. */
  readonly findKept?: FindKept | undefined
  readonly clock: Clock
  readonly logger: Logger
  readonly limits: Limits
  /** Work that must end before the process may: writes whose first byte went out. */
  readonly background: Background
}

export interface Limits {
  readonly upstreamTimeoutMs: number
  readonly requestTimeoutMs: number
  /** Keys in one key list (`paymentLinksByKeys`, `accountsByIds`). */
  readonly maxKeys: number
  /** Calls that one request may cause, whatever the upstream answers. */
  readonly maxUpstreamCalls: number
  /** Bytes of `optionalMetadata` as JSON in UTF-8. */
  readonly maxMetadataBytes: number
}

/** The process: owns what outlives a request (write turns, learnt page figures). */
export class AppScope {
  readonly #memo = new Memo<AppScope>(this)

  constructor(readonly services: Services) {}

  get<T>(factory: Factory<AppScope, T>): T {
    return this.#memo.get(factory)
  }
}

/** One request: the GraphQL context. Loaders are built on first use and die with it. */
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
   * The one place where a caller's grants are checked: every way to an account passes here, and nothing behind it (flights,
   * caches, the upstream) is asked before. What must be sure earlier, such as a write's turn, asks by itself.
   * @throws GatewayError UNAUTHENTICATED when nobody is known, FORBIDDEN without the grant
   */
  demand({ id, access }: AccountAccess): void {
    if (allows(this.principal.grants, id, access)) return
    if (isAnonymous(this.principal)) throw new GatewayError('UNAUTHENTICATED', 'This needs a caller who is known.')
    throw new GatewayError('FORBIDDEN', `The caller may not ${access} the payment links of this account.`)
  }

  /**
   * What is kept of a read and may still be given, which costs no call; undefined when nothing is.
   * @throws GatewayError as `demand` does
   */
  async findKept(request: UpstreamRequest): Promise<KeptAnswer | undefined> {
    if (request.account !== 'none') this.demand(request.account)
    return this.services.findKept?.(request, this)
  }

  /**
   * Sends on behalf of this request's caller, inside this request's time unless another deadline is given. What has time
   * of its own, a write and its read-back, is counted but never cut off.
   * @throws GatewayError QUERY_TOO_COMPLEX when an upstream of strange ways makes a request cost more than it was admitted for
   */
  async send(request: UpstreamRequest, deadline: Deadline = this.deadline): Promise<UpstreamAnswer> {
    if (request.account !== 'none') this.demand(request.account)
    const { maxUpstreamCalls } = this.services.limits
    if (this.get(callCount).next() > maxUpstreamCalls && deadline === this.deadline) {
      throw new GatewayError('QUERY_TOO_COMPLEX', `MAX_UPSTREAM_CALLS: at most ${maxUpstreamCalls}, but it takes more.`)
    }
    const context: CallContext = { principal: this.principal, requestId: this.requestId, deadline }
    return this.services.send(request, context)
  }
}

/** A factory's product, so that every copy of a scope counts on. */
function callCount(_scope: RequestScope): { next(): number } {
  let calls = 0
  return { next: () => ++calls }
}

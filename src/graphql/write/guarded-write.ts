import type { Deadline } from '../../kernel/deadline.js'
import { hasCode } from '../../kernel/errors.js'
import type { Requirement } from '../../kernel/grants.js'
import { KeyedLock } from '../../kernel/keyed-lock.js'
import type { AppScope, RequestScope } from '../scope.js'
import { outcomeUnknown, type PreparedWrite, sendOnce } from './send-once.js'
import { assertTimeToWrite, spareMs, writeBusy } from './time-reserve.js'
import type { UserError } from './user-error.js'
import { type AuditSubject, writeAuditLine } from './write-audit.js'
import type { WriteResult } from './write-result.js'

/**
 * A write to one object of an upstream without conditional requests.
 *
 * @template State the object as reads and responses show it
 * @template Own the mutation's own user error codes
 * @template Side what `sideRead` reads
 */
export interface GuardedWrite<State, Own extends string = never, Side = undefined> {
  readonly audit: AuditSubject<State>
  /** The rules that the input violates; if there are any, nothing is read or sent. */
  readonly inputErrors: readonly UserError<Own>[]
  /** Checked before the lock is taken: a caller who may not write must not delay one who may. */
  readonly requires: Requirement
  /** Names the object. Writes to one object run one at a time in this process, whatever the mutation. */
  readonly lockKey: string
  readonly notFound: UserError<Own>
  /** Starts a read of something that the lock does not cover. `spareMs` is the time that no write will need. */
  readonly sideRead?: (spareMs: number) => SideRead<Side>
  /**
   * Reads the object past every cache.
   * @throws GatewayError NOT_FOUND when there is none
   */
  readonly read: (deadline: Deadline) => Promise<State>
  /** Decides what to do, given the object as it is now. May throw: then nothing is sent. */
  readonly decide: (state: State, side: Side) => Decision<State, Own>
}

export interface SideRead<Side> {
  /** Resolves no later than the request's deadline, and never rejects. */
  readonly value: Promise<Side>
  /** Whether it is awaited before the lock, because it may take long; otherwise it runs in parallel with the first read. */
  readonly isAwaitedFirst: boolean
}

export type Decision<State, Own extends string = never> =
  | { readonly kind: 'refused'; readonly userErrors: readonly UserError<Own>[] }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'send'; readonly write: PreparedWrite<State, Own> }

/**
 * Runs one write, in this order:
 *
 * 1. Writes to one object run one at a time: first those of one credential, then, after a read has proved access, those of
 *    all credentials.
 * 2. The object is read fresh, and the write is decided on that state.
 * 3. The write is sent once, if there is time left to send it and to read it back.
 * 4. The response or a read must show the change.
 *
 * Another client of the upstream may write between 2 and 3; the upstream offers no protection against that.
 *
 * Never rejects. A caller whose time ends after the write was sent gets `unknown`; the write runs to completion, and its audit
 * line has the real result.
 */
export function guardedWrite<State, Own extends string = never, Side = undefined>(
  scope: RequestScope,
  write: GuardedWrite<State, Own, Side>,
): Promise<WriteResult<State, Own>> {
  return new Promise((resolve) => {
    const work = new GuardedRun(scope, write, resolve).run()
    void scope.services.background.run(work.then((result) => writeAuditLine(scope, write.audit, result)))
    void work.then(resolve)
  })
}

/** An invalid credential takes only its own lock: the target's lock is taken after a read that the upstream has accepted. */
function createWriteLocks(_app: AppScope): { readonly ofCredential: KeyedLock; readonly ofTarget: KeyedLock } {
  return { ofCredential: new KeyedLock(), ofTarget: new KeyedLock() }
}

interface FreshRead<State> {
  readonly state: State
  readonly tookMs: number
}

class GuardedRun<State, Own extends string, Side> {
  readonly #locks: ReturnType<typeof createWriteLocks>

  constructor(
    private readonly scope: RequestScope,
    private readonly write: GuardedWrite<State, Own, Side>,
    private readonly respond: (result: WriteResult<State, Own>) => void,
  ) {
    this.#locks = scope.app.get(createWriteLocks)
  }

  async run(): Promise<WriteResult<State, Own>> {
    const { scope, write } = this
    if (write.inputErrors.length > 0) return { kind: 'invalid', userErrors: write.inputErrors }
    try {
      scope.authorize(write.requires)
      const side = write.sideRead?.(spareMs(scope))
      if (side?.isAwaitedFirst) await side.value
      const key = `${scope.principal.credential}|${write.lockKey}`
      return await this.#locked(this.#locks.ofCredential, key, () => this.#readAndWrite(side?.value))
    } catch (error) {
      if (hasCode(error, 'NOT_FOUND')) return { kind: 'refused', userErrors: [write.notFound], state: null }
      return this.#failed(error)
    }
  }

  async #readAndWrite(side: Promise<Side> | undefined): Promise<WriteResult<State, Own>> {
    const { scope, write } = this
    const others = this.#locks.ofTarget.watch(write.lockKey)
    try {
      // A read without time for a write would only delay the writers that are waiting.
      assertTimeToWrite(scope, 0)
      const [first, sideValue] = await Promise.all([this.#read(), side])
      return await this.#locked(this.#locks.ofTarget, write.lockKey, async () => {
        if (others.sawRelease) assertTimeToWrite(scope, 0)
        const fresh = others.sawRelease ? await this.#read() : first
        return this.#decideAndSend(fresh, sideValue as Side)
      })
    } finally {
      others.stop()
    }
  }

  async #read(): Promise<FreshRead<State>> {
    const { clock } = this.scope.services
    const startedAtMs = clock.monotonicMs()
    const state = await this.write.read(this.scope.deadline)
    return { state, tookMs: clock.monotonicMs() - startedAtMs }
  }

  async #decideAndSend({ state: before, tookMs }: FreshRead<State>, side: Side): Promise<WriteResult<State, Own>> {
    const { scope, write } = this
    try {
      const decision = write.decide(before, side)
      if (decision.kind === 'refused') return { ...decision, state: before, before }
      if (decision.kind === 'unchanged') return { kind: 'unchanged', state: before, before }
      assertTimeToWrite(scope, tookMs)
      return await this.#send(decision.write, before)
    } catch (error) {
      return this.#failed(error, before)
    }
  }

  /** From here on, the caller's time may end before the work does. */
  async #send(write: PreparedWrite<State, Own>, before: State): Promise<WriteResult<State, Own>> {
    const { signal } = this.scope.deadline
    const leave = (): void => this.respond({ kind: 'unknown', error: outcomeUnknown(), before })
    signal.addEventListener('abort', leave, { once: true })
    try {
      const result = await sendOnce(this.scope, { write, before, notFound: this.write.notFound })
      return result.kind === 'failed' ? this.#failed(result.error, before) : result
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  async #locked<T>(locks: KeyedLock, key: string, work: () => Promise<T>): Promise<T> {
    const release = await locks.acquire(key, this.scope.deadline)
    if (release === undefined) throw writeBusy()
    try {
      return await work()
    } finally {
      release()
    }
  }

  /** A write that times out before it is sent is WRITE_BUSY, which says more than REQUEST_TIMEOUT: nothing was sent. */
  #failed(error: unknown, before?: State): WriteResult<State, Own> {
    const reason = hasCode(error, 'REQUEST_TIMEOUT') ? writeBusy() : error
    return { kind: 'failed', error: reason, ...(before !== undefined && { before }) }
  }
}

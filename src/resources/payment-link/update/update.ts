import type { AppScope, RequestScope } from '../../../graphql/scope.js'
import { GatewayError, hasCode } from '../../../kernel/errors.js'
import { Turns } from '../../../kernel/turns.js'
import type { ShownLink } from '../payment-link.api.js'
import { type FreshLink, isLastingGap, readFresh } from '../payment-link.fresh.js'
import { type LinkKey, linkAccess } from '../payment-link.keys.js'
import { paymentLinkLoaders } from '../payment-link.loader.js'
import type { CarriedLink, UpdateChanges } from '../payment-link.model.js'
import { wholeLink } from '../payment-link.wire.js'
import { audited } from './update.audit.js'
import type { UpdatePaymentLinkInput } from './update.input.js'
import { type Catalogue, isCompleteFor, readCatalogue } from './update.reading.js'
import {
  inexpressible,
  metadataErrors,
  notFound,
  refusalsByState,
  uncheckedMethods,
  unread,
} from './update.refusals.js'
import type { AnsweredUpdate, UpdatePaymentLinkPayload, UserError } from './update.type.js'
import { showsChanges } from './update.verify.js'
import { carriedOf, encodeUpdate, missingFields } from './update.wire.js'
import { judgeWrite, type LinkWrite, outcomeUnknown, sendWrite } from './update.write.js'

/**
 * A safe partial update over an upstream that replaces what is left out and knows no condition.
 *
 * 1. Writers of one link take turns, whatever their credentials.
 * 2. The link is read fresh, past every cache; expectations and rules are checked against that. Where it shows what is
 *    asked already, nothing is sent.
 * 3. The whole representation is sent, once, if there is time for it and for a look afterwards.
 * 4. What was asked must show in the answer, or in a read; a lost answer is never taken for a failure or a success.
 *
 * Another client of the same upstream may write between 2 and 3: the upstream offers nothing against that.
 * Every update leaves one line in the audit log, also when nobody waits for its end any more.
 * @throws GatewayError FORBIDDEN without the grant, WRITE_BUSY when nothing was sent, UPSTREAM_OUTCOME_UNKNOWN when something may have been written
 */
export async function updatePaymentLink(scope: RequestScope, input: UpdatePaymentLinkInput): Promise<AnsweredUpdate> {
  const update = new Update(scope, input)
  const work = scope.services.background.run(audited(update.run(), { scope, input, update }))
  const { paymentLink, userErrors } = await untilAnswered(scope, update, work)
  if (paymentLink === null) return { paymentLink, userErrors }
  scope.get(paymentLinkLoaders).refresh(paymentLink)
  return { paymentLink: wholeLink(paymentLink), userErrors }
}

/** Whose turn it is at a link: among writers of one credential, then among those of any who have shown that they may read it. */
function createWriteTurns(_app: AppScope): { readonly ofCredential: Turns; readonly ofLink: Turns } {
  return { ofCredential: new Turns(), ofLink: new Turns() }
}

const NOT_THERE: UpdatePaymentLinkPayload = { paymentLink: null, userErrors: [notFound] }

/** The caller waits as long as the request lasts; a write that went out goes on to its end without them. */
function untilAnswered(
  scope: RequestScope,
  update: Update,
  work: Promise<UpdatePaymentLinkPayload>,
): Promise<UpdatePaymentLinkPayload> {
  const { signal } = scope.deadline
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      if (update.wasSent) reject(outcomeUnknown())
    }
    signal.addEventListener('abort', leave, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}

class Update {
  wasSent = false
  /** The link as it was read for this update, once it was. */
  before: CarriedLink | undefined
  readonly changes: UpdateChanges
  readonly #key: LinkKey
  /** Names the link in the lines of writers. */
  readonly #name: string
  /** What the last fresh read took. */
  #readMs = 0

  constructor(
    private readonly scope: RequestScope,
    private readonly input: UpdatePaymentLinkInput,
  ) {
    this.#key = { accountId: input.accountId, id: input.id }
    this.#name = `${input.accountId}|${input.id}`
    this.changes = changesOf(input)
  }

  async run(): Promise<UpdatePaymentLinkPayload> {
    const { scope } = this
    // Before a turn is taken: whoever may not write must not hold up those who may.
    scope.authorize(linkAccess(this.#key.accountId, 'write'))
    const oversized = metadataErrors(this.input, scope.services.limits.maxMetadataBytes)
    if (oversized.length > 0) return { paymentLink: null, userErrors: oversized }
    const { ofCredential } = scope.app.get(createWriteTurns)
    const spareMs = scope.deadline.remainingMs() - reserveMs(scope, Number.POSITIVE_INFINITY)
    const catalogue = readCatalogue(scope, this.changes, Math.max(0, spareMs) / 2)
    try {
      // It is none of the link's: who has to wait for it lets others write meanwhile.
      if (this.changes.whitelistedPaymentMethod != null) await catalogue
      const turn = `${scope.principal.credential}|${this.#name}`
      return await this.#inTurn(ofCredential, turn, () => this.#update(catalogue))
    } catch (error) {
      // Before the write every step ends with the request; that the time is over then says less than that nothing was sent.
      throw hasCode(error, 'REQUEST_TIMEOUT') ? writeBusy() : error
    }
  }

  async #inTurn<T>(turns: Turns, key: string, work: () => Promise<T>): Promise<T> {
    const release = await turns.take(key, this.scope.deadline)
    if (release === undefined) throw writeBusy()
    try {
      return await work()
    } finally {
      release()
    }
  }

  /** The link's own turn is taken when a read has proved access: credentials that are made up must not hold anybody up. */
  async #update(reading: Promise<Catalogue>): Promise<UpdatePaymentLinkPayload> {
    const { ofLink } = this.scope.app.get(createWriteTurns)
    const others = ofLink.watch(this.#name)
    try {
      // Known already: a read that cannot be followed by a write would only make those behind wait longer.
      this.#keepReserve(0)
      const [first, catalogue] = await Promise.all([this.#readFresh(), reading])
      if (first === null) return NOT_THERE
      return await this.#inTurn(ofLink, this.#name, async () => {
        if (others.sawEnd) this.#keepReserve(0)
        const fresh = others.sawEnd ? await this.#readFresh() : first
        return fresh === null ? NOT_THERE : await this.#decide(fresh, catalogue)
      })
    } finally {
      others.stop()
    }
  }

  async #decide(fresh: FreshLink, catalogue: Catalogue): Promise<UpdatePaymentLinkPayload> {
    const { link, row } = fresh
    this.before = carriedOf(fresh)
    const codes = catalogue instanceof Error ? undefined : catalogue
    const refused = refusalsByState(fresh, this.input, codes)
    if (refused.length > 0) return { paymentLink: link, userErrors: refused }
    if (this.#isDone(fresh, codes)) return { paymentLink: link, userErrors: [] }
    const unread = this.#unreadErrors(fresh, catalogue)
    if (unread.length > 0) return { paymentLink: link, userErrors: unread }
    const encoded = encodeUpdate(row, this.changes, codes)
    if ('inexpressible' in encoded) return { paymentLink: link, userErrors: [inexpressible(encoded.inexpressible)] }
    this.#keepReserve(this.#readMs)
    return this.#write({ key: this.#key, body: encoded.body, before: fresh, changes: this.changes, catalogue: codes })
  }

  /** Whether the link shows every change already, in fields that the upstream did carry. */
  #isDone(fresh: FreshLink, codes: readonly string[] | undefined): boolean {
    const { different, absent } = showsChanges(carriedOf(fresh), this.changes, codes)
    return different.length + absent.length === 0
  }

  /**
   * What the write needs and nobody could read: fields that go back unchanged, and the catalogue for new codes.
   * @throws GatewayError where it may be had another time
   */
  #unreadErrors({ row, listing }: FreshLink, catalogue: Catalogue): readonly UserError[] {
    const untouched = listing === 'found' ? [] : missingFields(row).filter((field) => this.changes[field] === undefined)
    if (untouched.length > 0 && listing instanceof Error) throw listing
    if (this.changes.whitelistedPaymentMethod == null || !(catalogue instanceof Error)) return untouched.map(unread)
    if (!isLastingGap(catalogue)) throw catalogue
    return [...untouched.map(unread), uncheckedMethods]
  }

  async #readFresh(): Promise<FreshLink | null> {
    const { scope, input, changes } = this
    const startedAtMs = scope.services.clock.monotonicMs()
    try {
      const isComplete = (shown: ShownLink): boolean => isCompleteFor(shown, input, changes)
      return await readFresh(scope, this.#key, { deadline: scope.deadline, isComplete })
    } catch (error) {
      if (hasCode(error, 'NOT_FOUND')) return null
      throw error
    } finally {
      this.#readMs = scope.services.clock.monotonicMs() - startedAtMs
    }
  }

  /** @throws GatewayError WRITE_BUSY when too little time is left for a write and a look afterwards */
  #keepReserve(readMs: number): void {
    const { signal, remainingMs } = this.scope.deadline
    if (signal.aborted || remainingMs() < reserveMs(this.scope, readMs)) throw writeBusy()
  }

  async #write(write: LinkWrite): Promise<UpdatePaymentLinkPayload> {
    this.wasSent = true
    const answer = await sendWrite(this.scope, write)
    if (answer.kind === 'not-sent') {
      this.wasSent = false
      throw answer.error
    }
    return judgeWrite(this.scope, write, answer)
  }
}

function changesOf(input: UpdatePaymentLinkInput): UpdateChanges {
  const { accountId: _a, id: _i, expectedVersion: _v, expectedUpdatedAt: _u, ...fields } = input
  // The rules have refused null where a field cannot be empty; TypeGraphQL leaves out what was omitted. What is sent is
  // JSON, so that is what an answer is held against: a variable left out inside metadata is no key of it.
  return JSON.parse(JSON.stringify(fields)) as UpdateChanges
}

/**
 * What an attempt and a read-back need of the request's time, judged by what reading just took: no less than a fifth of
 * the request's time, however quick the reads were, and no more than two attempts may take, or than would forbid every
 * write behind a slow read.
 */
function reserveMs({ services: { limits } }: RequestScope, readMs: number): number {
  const { upstreamTimeoutMs, requestTimeoutMs } = limits
  return Math.min(2 * upstreamTimeoutMs, 0.6 * requestTimeoutMs, Math.max(0.2 * requestTimeoutMs, 8 * readMs))
}

function writeBusy(): GatewayError {
  return new GatewayError('WRITE_BUSY', 'There was no turn or too little time for the update; nothing was sent.')
}

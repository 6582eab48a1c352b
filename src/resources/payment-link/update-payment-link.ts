import type { AppScope, RequestScope } from '../../graphql/scope.js'
import { sleep } from '../../kernel/async.js'
import { GatewayError, hasCode } from '../../kernel/errors.js'
import { Turns } from '../../kernel/turns.js'
import { createPaymentLinkApi, type LinkKey, type ShownLink } from './payment-link.api.js'
import { readFresh } from './payment-link.fresh.js'
import { paymentLinkLoaders } from './payment-link.loader.js'
import type { PartlyReadLink, UpdateChanges } from './payment-link.model.js'
import { wholeLink } from './payment-link.wire.js'
import { encodeUpdate, missingKeys } from './update.wire.js'
import { audited } from './update-payment-link.audit.js'
import type { UpdatePaymentLinkInput } from './update-payment-link.input.js'
import { inexpressible, metadataErrors, notFound, refusalsByState } from './update-payment-link.refusals.js'
import type { AnsweredUpdate, UpdatePaymentLinkPayload } from './update-payment-link.type.js'
import { judgeWrite, type LinkWrite, outcomeUnknown, sendWrite } from './update-payment-link.write.js'

/**
 * A safe partial update over an upstream that replaces what is left out and knows no condition.
 *
 * 1. Writers of one link take turns.
 * 2. The link is read fresh, past every cache; expectations and rules are checked against that.
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

/** Whose turn it is, per credential and link. */
function createWriteTurns(_app: AppScope): Turns {
  return new Turns()
}

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
  before: PartlyReadLink | undefined
  readonly changes: UpdateChanges
  readonly #api
  readonly #key: LinkKey

  constructor(
    private readonly scope: RequestScope,
    private readonly input: UpdatePaymentLinkInput,
  ) {
    this.#api = scope.app.get(createPaymentLinkApi)
    this.#key = { accountId: input.accountId, id: input.id }
    this.changes = changesOf(input)
  }

  async run(): Promise<UpdatePaymentLinkPayload> {
    const { scope } = this
    // Before a turn is taken: whoever may not write must not hold up those who may.
    scope.demand({ id: this.#key.accountId, access: 'write' })
    const oversized = metadataErrors(this.input, scope.services.limits.maxMetadataBytes)
    if (oversized.length > 0) return { paymentLink: null, userErrors: oversized }
    const turn = `${scope.principal.credential}|${this.#key.accountId}|${this.#key.id}`
    const release = await scope.app.get(createWriteTurns).take(turn, scope.deadline)
    if (release === undefined) throw writeBusy()
    try {
      return await this.#inTurn()
    } catch (error) {
      // Before the write every step ends with the request; that the time is over then says less than that nothing was sent.
      throw hasCode(error, 'REQUEST_TIMEOUT') ? writeBusy() : error
    } finally {
      release()
    }
  }

  async #inTurn(): Promise<UpdatePaymentLinkPayload> {
    // Known already: a read that cannot be followed by a write would only make those behind wait longer.
    if (this.scope.deadline.remainingMs() < reserveMs(this.scope, 0)) throw writeBusy()
    const startedAtMs = this.scope.services.clock.monotonicMs()
    const [fresh, catalogue] = await Promise.all([this.#readFresh(), this.#readCatalogue()])
    const readMs = this.scope.services.clock.monotonicMs() - startedAtMs
    if (fresh === null) return { paymentLink: null, userErrors: [notFound] }
    this.before = fresh.link
    const refused = refusalsByState(fresh.link, this.input, catalogue)
    if (refused.length > 0) return { paymentLink: fresh.link, userErrors: refused }
    if (Object.keys(this.changes).length === 0) return { paymentLink: fresh.link, userErrors: [] }
    const encoded = encodeUpdate(fresh.row, this.changes, catalogue)
    if ('inexpressible' in encoded) {
      return { paymentLink: fresh.link, userErrors: [inexpressible(encoded.inexpressible)] }
    }
    const { signal, remainingMs } = this.scope.deadline
    if (signal.aborted || remainingMs() < reserveMs(this.scope, readMs)) throw writeBusy()
    const { body } = encoded
    return this.#write({ key: this.#key, body, before: fresh.link, changes: this.changes, catalogue })
  }

  /** Complete enough that nothing the caller left alone is reset by being left out. */
  async #readFresh(): Promise<ShownLink | null> {
    // A version speaks of fields that are about to change, too.
    const { optionalMetadata } = this.changes
    const needless = this.input.expectedVersion == null ? this.changes : { optionalMetadata }
    const isComplete = ({ row }: ShownLink): boolean => missingKeys(row, needless as UpdateChanges).length === 0
    try {
      return await readFresh(this.scope, this.#key, { deadline: this.scope.deadline, isComplete })
    } catch (error) {
      if (hasCode(error, 'NOT_FOUND')) return null
      throw error
    }
  }

  /**
   * Undefined when it cannot be had in time: then the upstream's own check, of the whole update, has to do. Never waited
   * for so long that no time is left for the write.
   */
  async #readCatalogue(): Promise<readonly string[] | undefined> {
    const { deadline } = this.scope
    const enough = new AbortController()
    const spareMs = Math.max(0, deadline.remainingMs() - reserveMs(this.scope, Number.POSITIVE_INFINITY)) / 2
    const codes = this.#api.paymentMethods(this.scope).catch(() => [])
    const read = await Promise.race([codes, sleep(spareMs, enough.signal)])
    enough.abort()
    return read && read.length > 0 ? read : undefined
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
  // The rules have refused null where a field cannot be empty; TypeGraphQL leaves out what was omitted.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as UpdateChanges
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

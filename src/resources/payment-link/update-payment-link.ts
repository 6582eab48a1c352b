import type { AppScope, RequestScope } from '../../graphql/scope.js'
import { createDeadline } from '../../kernel/deadline.js'
import { GatewayError } from '../../kernel/errors.js'
import { Turns } from '../../kernel/turns.js'
import { UpstreamFailure } from '../../upstream/failures.js'
import { MalformedAnswer } from '../../upstream/malformed.js'
import { createPaymentLinkApi, type LinkKey, type ShownLink } from './payment-link.api.js'
import { readFresh } from './payment-link.fresh.js'
import { paymentLinkLoaders } from './payment-link.loader.js'
import { mergeLinks, type PaymentLink, type UpdateChanges } from './payment-link.model.js'
import { encodeUpdate, missingKeys, showsChanges } from './update.wire.js'
import { audited } from './update-payment-link.audit.js'
import type { UpdatePaymentLinkInput } from './update-payment-link.input.js'
import {
  inexpressible,
  notApplied,
  notFound,
  oversizedMetadata,
  refusalsByState,
  rejected,
  rejectedByUpstream,
} from './update-payment-link.refusals.js'
import type { UpdatePaymentLinkPayload, UserError } from './update-payment-link.type.js'

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
export async function updatePaymentLink(
  scope: RequestScope,
  input: UpdatePaymentLinkInput,
): Promise<UpdatePaymentLinkPayload> {
  const update = new Update(scope, input)
  const work = scope.services.background.run(audited(update.run(), { scope, input, update }))
  const payload = await untilAnswered(scope, update, work)
  if (payload.paymentLink) scope.get(paymentLinkLoaders).refresh(payload.paymentLink)
  return payload
}

/** Whose turn it is, per credential and link. */
export function createWriteTurns(_app: AppScope): Turns {
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
      // Before the write every step ends with the request, and says why.
      if (update.wasSent) reject(outcomeUnknown())
    }
    signal.addEventListener('abort', leave, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}

class Update {
  wasSent = false
  /** The link as it was read for this update, once it was. */
  before: PaymentLink | undefined
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
    const oversized = metadataErrors(scope, this.input)
    if (oversized.length > 0) return { paymentLink: null, userErrors: oversized }
    const turn = `${scope.principal.credential}|${this.#key.accountId}|${this.#key.id}`
    const release = await scope.app.get(createWriteTurns).take(turn, scope.deadline)
    if (release === undefined) throw writeBusy()
    try {
      return await this.#inTurn()
    } finally {
      release()
    }
  }

  async #inTurn(): Promise<UpdatePaymentLinkPayload> {
    const [fresh, catalogue] = await Promise.all([this.#readFresh(), this.#readCatalogue()])
    if (fresh === null) return { paymentLink: null, userErrors: [notFound] }
    this.before = fresh.link
    const refused = refusalsByState(fresh.link, this.input, catalogue)
    if (refused.length > 0) return { paymentLink: fresh.link, userErrors: refused }
    if (Object.keys(this.changes).length === 0) return { paymentLink: fresh.link, userErrors: [] }
    const encoded = encodeUpdate(fresh.row, this.changes, catalogue)
    if ('inexpressible' in encoded) {
      return { paymentLink: fresh.link, userErrors: [inexpressible(encoded.inexpressible)] }
    }
    if (this.scope.deadline.signal.aborted || this.scope.deadline.remainingMs() < reserveMs(this.scope))
      throw writeBusy()
    return this.#write(fresh.link, encoded.body, catalogue)
  }

  /** Complete enough that nothing the caller left alone is reset by being left out. */
  async #readFresh(): Promise<ShownLink | null> {
    const isComplete = ({ row }: ShownLink): boolean => missingKeys(row, this.changes).length === 0
    try {
      return await readFresh(this.scope, this.#key, { deadline: this.scope.deadline, isComplete })
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'NOT_FOUND') return null
      throw error
    }
  }

  /** Undefined when it cannot be had: then the upstream's own check, of the whole update, has to do. */
  async #readCatalogue(): Promise<readonly string[] | undefined> {
    try {
      const codes = await this.#api.paymentMethods(this.scope)
      return codes.length > 0 ? codes : undefined
    } catch {
      return undefined
    }
  }

  async #write(
    fresh: PaymentLink,
    body: string,
    catalogue: readonly string[] | undefined,
  ): Promise<UpdatePaymentLinkPayload> {
    const answer = await this.#send(body)
    if (answer.kind === 'refused') return { paymentLink: fresh, userErrors: userErrorsOf(answer.failure, fresh) }
    const answered = answer.kind === 'answered' ? mergeLinks(fresh, answer.link) : undefined
    if (answer.kind === 'answered' && this.#isShown(answer.link, catalogue)) {
      return { paymentLink: answered ?? fresh, userErrors: [] }
    }
    const read = await this.#readBack(catalogue)
    if (read === undefined) throw outcomeUnknown()
    const now = mergeLinks(answered ?? fresh, read)
    const { different, absent } = showsChanges(read, this.changes, catalogue)
    if (answer.kind === 'lost' && different.length + absent.length > 0) throw outcomeUnknown()
    return { paymentLink: now, userErrors: notApplied(different) }
  }

  async #send(body: string): Promise<WriteAnswer> {
    this.wasSent = true
    try {
      const { link } = await this.#api.update(this.scope, this.#key, body)
      return { kind: 'answered', link }
    } catch (error) {
      if (error instanceof MalformedAnswer) return { kind: 'lost' }
      if (!(error instanceof UpstreamFailure) || error.outcome === 'not-sent') {
        this.wasSent = false
        throw error instanceof GatewayError && error.code === 'REQUEST_TIMEOUT' ? writeBusy() : error
      }
      return error.outcome === 'refused' ? { kind: 'refused', failure: error } : { kind: 'lost' }
    }
  }

  #isShown(link: PaymentLink, catalogue: readonly string[] | undefined): boolean {
    const { different, absent } = showsChanges(link, this.changes, catalogue)
    return different.length + absent.length === 0
  }

  /** On time of its own: a write is followed to its end even when its caller has gone. */
  async #readBack(catalogue: readonly string[] | undefined): Promise<PaymentLink | undefined> {
    const deadline = createDeadline(this.scope.services.clock, this.scope.services.limits.upstreamTimeoutMs)
    const isComplete = ({ link }: ShownLink): boolean => showsChanges(link, this.changes, catalogue).absent.length === 0
    try {
      return (await readFresh(this.scope, this.#key, { deadline, isComplete })).link
    } catch {
      return undefined
    } finally {
      deadline.release()
    }
  }
}

type WriteAnswer =
  | { readonly kind: 'answered'; readonly link: PaymentLink }
  /** The upstream said no: nothing was written. */
  | { readonly kind: 'refused'; readonly failure: UpstreamFailure }
  /** No answer, or none that can be read: it may or may not have been written. */
  | { readonly kind: 'lost' }

/**
 * By what the refusal means, not by its HTTP status alone: the upstream also refuses with 200 and a code in the body.
 * @throws UpstreamFailure what no change of the input could mend
 */
function userErrorsOf(failure: UpstreamFailure, link: PaymentLink): readonly UserError[] {
  if (failure.code === 'NOT_FOUND') return [notFound]
  if (failure.code !== 'UPSTREAM_REJECTED') throw failure
  if (failure.upstreamStatus === 422 || failure.fieldMessages.size > 0) {
    return rejectedByUpstream(failure.fieldMessages, link)
  }
  if (failure.upstreamStatus === 400 || failure.upstreamStatus === 409 || failure.upstreamStatus === 200)
    return [rejected]
  throw failure
}

function changesOf(input: UpdatePaymentLinkInput): UpdateChanges {
  const { accountId: _a, id: _i, expectedVersion: _v, expectedUpdatedAt: _u, ...fields } = input
  // The rules have refused null where a field cannot be empty; TypeGraphQL leaves out what was omitted.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as UpdateChanges
}

function metadataErrors(scope: RequestScope, { optionalMetadata }: UpdatePaymentLinkInput): UserError[] {
  if (optionalMetadata == null) return []
  const bytes = Buffer.byteLength(JSON.stringify(optionalMetadata))
  const { maxMetadataBytes } = scope.services.limits
  return bytes > maxMetadataBytes ? [oversizedMetadata(bytes, maxMetadataBytes)] : []
}

/** An attempt and a read-back; never so much of the request's time that a slow first read would forbid every write. */
function reserveMs({ services: { limits } }: RequestScope): number {
  return Math.min(2 * limits.upstreamTimeoutMs, 0.6 * limits.requestTimeoutMs)
}

function writeBusy(): GatewayError {
  return new GatewayError('WRITE_BUSY', 'There was no turn or too little time for the update; nothing was sent.')
}

function outcomeUnknown(): GatewayError {
  return new GatewayError(
    'UPSTREAM_OUTCOME_UNKNOWN',
    'The update was sent, but whether it took effect is not known. Read the link before trying again.',
  )
}

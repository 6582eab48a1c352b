import type { RequestScope } from '../../graphql/scope.js'
import { createDeadline } from '../../kernel/deadline.js'
import { GatewayError } from '../../kernel/errors.js'
import { Unreadable } from '../../kernel/unreadable.js'
import { UpstreamFailure } from '../../upstream/failures.js'
import { MalformedAnswer } from '../../upstream/malformed.js'
import { createPaymentLinkApi, type LinkKey, type ShownLink } from './payment-link.api.js'
import { readFresh } from './payment-link.fresh.js'
import { mergeLinks, type PartlyReadLink, type UpdateChanges } from './payment-link.model.js'
import { wholeLink } from './payment-link.wire.js'
import { showsChanges } from './update.wire.js'
import { notApplied, notFound, rejected, rejectedByUpstream } from './update-payment-link.refusals.js'
import type { UpdatePaymentLinkPayload } from './update-payment-link.type.js'

/** A write as it goes out, and what it is held against afterwards. */
export interface LinkWrite {
  readonly key: LinkKey
  /** The whole representation. */
  readonly body: string
  /** The link as it was read for this write. */
  readonly before: PartlyReadLink
  readonly changes: UpdateChanges
  /** Every method code; undefined when it is not known. */
  readonly catalogue: readonly string[] | undefined
}

/** What became of a write that went out, as far as its own answer tells. */
export type WriteAnswer =
  | { readonly kind: 'answered'; readonly link: PartlyReadLink }
  /** The upstream said yes, but its answer shows no link that can be read as a whole. */
  | { readonly kind: 'accepted' }
  /** The upstream said no: nothing was written. */
  | { readonly kind: 'refused'; readonly failure: UpstreamFailure }
  /** No answer, none that can be read, or one that says it failed half-way: it may or may not have been written. */
  | { readonly kind: 'lost'; readonly failure: UpstreamFailure }

/** Sends the write, once. */
export async function sendWrite(
  scope: RequestScope,
  { key, body }: LinkWrite,
): Promise<WriteAnswer | { readonly kind: 'not-sent'; readonly error: unknown }> {
  try {
    const { link } = await scope.app.get(createPaymentLinkApi).update(scope, key, body)
    return wholeLink(link) instanceof Unreadable ? { kind: 'accepted' } : { kind: 'answered', link }
  } catch (error) {
    if (error instanceof MalformedAnswer) return { kind: 'accepted' }
    if (!(error instanceof UpstreamFailure) || error.outcome === 'not-sent') return { kind: 'not-sent', error }
    return { kind: error.outcome, failure: error }
  }
}

/**
 * What the caller is told: what was asked must show in the answer or, where it does not, in a read.
 * @throws GatewayError UPSTREAM_OUTCOME_UNKNOWN when neither tells what was written
 * @throws UpstreamFailure a refusal that no change of the input could mend
 */
export async function judgeWrite(
  scope: RequestScope,
  write: LinkWrite,
  answer: WriteAnswer,
): Promise<UpdatePaymentLinkPayload> {
  const { before, changes, catalogue } = write
  if (answer.kind === 'refused') return refusedPayload(answer.failure, before)
  const answered = answer.kind === 'answered' ? mergeLinks(before, answer.link) : before
  if (answer.kind === 'answered' && isShown(answer.link, write)) return { paymentLink: answered, userErrors: [] }
  const read = await readBack(scope, write)
  if (read === undefined) throw outcomeUnknown()
  const now = mergeLinks(answered, read)
  if (answer.kind === 'lost' && !isShown(read, write)) {
    if (isPlainNo(answer.failure) && showsNothing(read, write)) return refusedPayload(answer.failure, now)
    throw outcomeUnknown()
  }
  return { paymentLink: now, userErrors: notApplied(showsChanges(read, changes, catalogue).different) }
}

export function outcomeUnknown(): GatewayError {
  return new GatewayError(
    'UPSTREAM_OUTCOME_UNKNOWN',
    'The update was sent, but whether it took effect is not known. Read the link before trying again.',
  )
}

/**
 * By what the refusal means, not by its HTTP status alone: the upstream also refuses with 200 and a code in the body.
 * @throws UpstreamFailure what no change of the input could mend
 */
function refusedPayload(failure: UpstreamFailure, link: PartlyReadLink): UpdatePaymentLinkPayload {
  const { code, upstreamStatus: status, fieldMessages } = failure
  if (code === 'NOT_FOUND') return { paymentLink: null, userErrors: [notFound] }
  if (code !== 'UPSTREAM_REJECTED') throw failure
  if (status === 422 || fieldMessages.size > 0) {
    return { paymentLink: link, userErrors: rejectedByUpstream(fieldMessages, link) }
  }
  if (status === 200 || status === 400 || status === 409) return { paymentLink: link, userErrors: [rejected] }
  throw failure
}

/** A no that proves nothing by itself, `success: false` without a code, is believed where the link reads as before. */
function isPlainNo({ code, kind }: UpstreamFailure): boolean {
  return code === 'UPSTREAM_REJECTED' && kind === 'answered'
}

function showsNothing(link: PartlyReadLink, { before, changes, catalogue }: LinkWrite): boolean {
  const different = (now: PartlyReadLink) => showsChanges(now, changes, catalogue).different.length
  return different(link) === different(before)
}

function isShown(link: PartlyReadLink, { changes, catalogue }: LinkWrite): boolean {
  const { different, absent } = showsChanges(link, changes, catalogue)
  return different.length + absent.length === 0
}

/** On time of its own: a write is followed to its end even when its caller has gone. */
async function readBack(
  scope: RequestScope,
  { key, changes, catalogue }: LinkWrite,
): Promise<PartlyReadLink | undefined> {
  const deadline = createDeadline(scope.services.clock, scope.services.limits.upstreamTimeoutMs)
  const isComplete = ({ link }: ShownLink): boolean => showsChanges(link, changes, catalogue).absent.length === 0
  try {
    return (await readFresh(scope, key, { deadline, isComplete })).link
  } catch {
    return undefined
  } finally {
    deadline.release()
  }
}

import type { RequestScope } from '../../../graphql/scope.js'
import { createDeadline } from '../../../kernel/deadline.js'
import { GatewayError } from '../../../kernel/errors.js'
import { Unreadable } from '../../../kernel/unreadable.js'
import { UpstreamFailure } from '../../../upstream/failures.js'
import { isSameValue } from '../../../upstream/json-equality.js'
import { MalformedResponse } from '../../../upstream/malformed-response.js'
import { putLink, type ShownLink } from '../payment-link.api.js'
import { readFresh } from '../payment-link.fresh.js'
import type { LinkKey } from '../payment-link.keys.js'
import { type CarriedLink, mergeLinks, type PartlyReadLink, type UpdateChanges } from '../payment-link.model.js'
import { wholeLink } from '../payment-link.wire.js'
import { notApplied, notFound, rejected, rejectedByUpstream } from './update.refusals.js'
import type { UpdatePaymentLinkPayload } from './update.type.js'
import { showsChanges } from './update.verify.js'
import { carriedOf, FIELDS, missingFields } from './update.wire.js'

/** A write as it goes out, and what it is held against afterwards. */
export interface LinkWrite {
  readonly key: LinkKey
  /** The whole representation. */
  readonly body: string
  /** The link as it was read for this write. */
  readonly before: ShownLink
  readonly changes: UpdateChanges
  /** Every method code; undefined when it is not known. */
  readonly catalogue: readonly string[] | undefined
}

/** What became of a write that went out, as far as its own answer tells. */
export type WriteAnswer =
  | { readonly kind: 'answered'; readonly shown: ShownLink }
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
    const shown = await putLink(scope, key, body)
    return wholeLink(shown.link) instanceof Unreadable ? { kind: 'accepted' } : { kind: 'answered', shown }
  } catch (error) {
    if (error instanceof MalformedResponse) return { kind: 'accepted' }
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
  if (answer.kind === 'refused') return judgeRefusal(scope, write, answer.failure)
  const known = withoutAsked(write)
  const answered = answer.kind === 'answered' ? mergeLinks(known, carriedOf(answer.shown)) : known
  if (answer.kind === 'answered' && isShown(answered, write))
    return { paymentLink: told(answer.shown, answered), userErrors: [] }
  const read = await readBack(scope, write)
  if (read === undefined) throw outcomeUnknown()
  const now = mergeLinks(answered, carriedOf(read))
  const paymentLink = told(read, now)
  if (answer.kind === 'lost' && !isShown(now, write)) {
    if (isPlainNo(answer.failure) && showsNothing(now, write))
      return refusedPayload(answer.failure, paymentLink, write.changes)
    // Not yet seen is not refused: what is still under way upstream may take effect after the read.
    throw outcomeUnknown()
  }
  return { paymentLink, userErrors: notApplied(showsChanges(now, write.changes, write.catalogue).different) }
}

/** The link as it was, less what was asked to change: of that only what comes afterwards tells. */
function withoutAsked({ before, changes }: LinkWrite): CarriedLink {
  return { ...before.link, ...Object.fromEntries(Object.keys(changes).map((field) => [field, undefined])) }
}

/** What no answer carries is told as every read tells it. */
function told({ link }: ShownLink, known: CarriedLink): PartlyReadLink {
  return mergeLinks<CarriedLink>(link, known) as PartlyReadLink
}

/** A write may find no route where a read finds the link: that is no link that is gone. */
async function judgeRefusal(
  scope: RequestScope,
  write: LinkWrite,
  failure: UpstreamFailure,
): Promise<UpdatePaymentLinkPayload> {
  const read = failure.code === 'NOT_FOUND' ? await readBack(scope, write) : undefined
  if (read === undefined) return refusedPayload(failure, write.before.link, write.changes)
  return {
    paymentLink: told(read, mergeLinks<CarriedLink>(write.before.link, carriedOf(read))),
    userErrors: [rejected],
  }
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
function refusedPayload(
  failure: UpstreamFailure,
  link: PartlyReadLink,
  changes: UpdateChanges,
): UpdatePaymentLinkPayload {
  const { code, upstreamStatus: status, fieldMessages } = failure
  if (code === 'NOT_FOUND') return { paymentLink: null, userErrors: [notFound] }
  if (code !== 'UPSTREAM_REJECTED') throw failure
  if (status === 422 || fieldMessages.size > 0) {
    return { paymentLink: link, userErrors: rejectedByUpstream(fieldMessages, link, changes) }
  }
  if (status === 200 || status === 400 || status === 409) return { paymentLink: link, userErrors: [rejected] }
  throw failure
}

/** A no that proves nothing by itself, `success: false` without a code, is believed where the link reads as before. */
function isPlainNo({ code, kind }: UpstreamFailure): boolean {
  return code === 'UPSTREAM_REJECTED' && kind === 'answered'
}

/** Whether every field that was asked for is read, and reads otherwise than asked or as before. */
function showsNothing(now: CarriedLink, { before, changes, catalogue }: LinkWrite): boolean {
  const { different } = showsChanges(now, changes, catalogue)
  const was = carriedOf(before)
  const isAsBefore = (field: keyof UpdateChanges) => now[field] !== undefined && isSameValue(now[field], was[field])
  return FIELDS.filter((field) => changes[field] !== undefined).every(
    (field) => different.includes(field) || isAsBefore(field),
  )
}

function isShown(link: CarriedLink, { changes, catalogue }: LinkWrite): boolean {
  const { different, absent } = showsChanges(link, changes, catalogue)
  return different.length + absent.length === 0
}

/** On time of its own: a write is followed to its end even when its caller has gone. */
async function readBack(scope: RequestScope, { key, changes }: LinkWrite): Promise<ShownLink | undefined> {
  const deadline = createDeadline(scope.services.clock, scope.services.limits.upstreamTimeoutMs)
  const isComplete = ({ row }: ShownLink): boolean => missingFields(row).every((field) => changes[field] === undefined)
  try {
    const read = await readFresh(scope, key, { deadline, isComplete })
    return read.listing instanceof Error ? undefined : read
  } catch {
    return undefined
  } finally {
    deadline.release()
  }
}

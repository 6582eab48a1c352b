import type { RequestScope } from '../../../graphql/scope.js'
import { sleep } from '../../../kernel/async.js'
import type { Deadline } from '../../../kernel/deadline.js'
import { GatewayError, toError } from '../../../kernel/errors.js'
import { listPaymentMethods } from '../payment-link.api.js'
import type { LinkKey } from '../payment-link.keys.js'
import { type CarriedLink, mergeLinks, type PartlyReadLink, type UpdateChanges } from '../payment-link.model.js'
import { type FreshLink, readFresh } from '../read/payment-link.fresh.js'
import type { LinkResponse } from '../wire/responses.wire.js'
import type { UpdatePaymentLinkInput } from './update.input.js'
import { compareLink } from './update.verify.js'
import { carriedOf, hasUpdateTime, missingFields } from './update.wire.js'

/** One call of the mutation. */
export interface LinkUpdate {
  readonly scope: RequestScope
  readonly key: LinkKey
  readonly input: UpdatePaymentLinkInput
  /** The input's changes as JSON: what is sent, and what responses are compared with. */
  readonly changes: UpdateChanges
}

/** What reads and responses have shown of a link; `row` and `listRow` are those of the fresh read. */
export interface KnownLink extends FreshLink {
  /** Without defaults for fields that no response carried. */
  readonly carried: CarriedLink
}

/** @throws UpstreamFailure NOT_FOUND when the account has no such link */
export async function readLink(update: LinkUpdate, deadline: Deadline): Promise<KnownLink> {
  const isComplete = (response: LinkResponse): boolean => isCompleteFor(response, update)
  const fresh = await readFresh(update.scope, update.key, { deadline, isComplete })
  return { ...fresh, carried: carriedOf(fresh) }
}

/** Reads the link after a write; the list row only if a changed field needs it. */
export async function readBack(update: LinkUpdate, deadline: Deadline, known: KnownLink): Promise<KnownLink> {
  const { scope, key, changes } = update
  const isComplete = ({ row }: LinkResponse): boolean =>
    missingFields(row).every((field) => changes[field] === undefined)
  const read = await readFresh(scope, key, { deadline, isComplete })
  if (read.listRow instanceof Error) throw read.listRow
  return learn(known, read)
}

/** What is known about a link after one more response. */
export function learn(known: KnownLink, response: LinkResponse): KnownLink {
  const carried = mergeLinks(known.carried, carriedOf(response))
  return { ...known, carried, link: mergeLinks<CarriedLink>(response.link, carried) as PartlyReadLink }
}

/** A link without the fields being changed: for those, only responses after the write count. */
export function forgetChanged(known: KnownLink, changes: UpdateChanges): KnownLink {
  const unknown = Object.fromEntries(Object.keys(changes).map((field) => [field, undefined]))
  return { ...known, carried: { ...known.carried, ...unknown } }
}

/** Every method code, or why they are unknown. */
export type Catalogue = readonly string[] | Error

/**
 * New codes are never sent unchecked, so for them the catalogue has the whole request's time. Otherwise it only helps to spell
 * the codes that are sent back, and has `spareMs`.
 */
export async function readCatalogue({ scope, changes }: LinkUpdate, spareMs: number): Promise<Catalogue> {
  const reading = listPaymentMethods(scope).then(nonEmpty, toError)
  if (changes.whitelistedPaymentMethod != null) return reading
  const enough = new AbortController()
  const read = await Promise.race([reading, sleep(spareMs, enough.signal)])
  enough.abort()
  return read ?? new GatewayError('UPSTREAM_TIMEOUT', 'The catalogue of payment methods did not arrive in time.')
}

function nonEmpty(codes: readonly string[]): Catalogue {
  return codes.length > 0 ? codes : new GatewayError('UPSTREAM_REJECTED', 'The catalogue of payment methods is empty.')
}

/** Whether the link's list row could add nothing that the update needs. */
function isCompleteFor(response: LinkResponse, { input, changes }: LinkUpdate): boolean {
  const missing = missingFields(response.row)
  // Unchanged fields must be sent back. A version also covers fields that are about to change, but not metadata.
  const isNeeded = (field: keyof UpdateChanges): boolean =>
    changes[field] === undefined || (input.expectedVersion != null && field !== 'optionalMetadata')
  if (missing.some(isNeeded) || (input.expectedUpdatedAt != null && !hasUpdateTime(response))) return false
  // A missing field that is to change matters only if it alone decides whether there is anything to write.
  return missing.length === 0 || compareLink(carriedOf(response), changes, undefined).different.length > 0
}

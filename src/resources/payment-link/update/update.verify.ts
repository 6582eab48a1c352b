import type { Comparison } from '../../../graphql/write/send-once.js'
import type { Instant } from '../../../kernel/instant.js'
import { Unreadable } from '../../../kernel/unreadable.js'
import { isSameValue } from '../../../upstream/json/equality.js'
import { type CarriedLink, epochSecondOf, type UpdateChanges } from '../payment-link.model.js'
import { catalogueCode } from '../wire/payment-method.wire.js'

type Field = keyof UpdateChanges

/** @param catalogue every method code; undefined if unknown */
export function compareLink(
  link: CarriedLink,
  changes: UpdateChanges,
  catalogue: readonly string[] | undefined,
): Comparison {
  const sides = { link, changes, catalogue }
  const requested = fieldsOf(changes)
  const absent = requested.filter((field) => !isComparable(field, sides))
  const different = requested.filter((field) => !absent.includes(field) && !isSameField(field, sides))
  return { different, absent }
}

/** Whether the link has each field requested, with another value than requested or with the value from before. */
export function isUntouched(
  link: CarriedLink,
  before: CarriedLink,
  { changes, different }: { readonly changes: UpdateChanges; readonly different: readonly string[] },
): boolean {
  return fieldsOf(changes).every(
    (field) => different.includes(field) || (link[field] !== undefined && isSameValue(link[field], before[field])),
  )
}

function fieldsOf(changes: UpdateChanges): readonly Field[] {
  return Object.keys(changes) as Field[]
}

interface Sides {
  readonly link: CarriedLink
  readonly changes: UpdateChanges
  readonly catalogue: readonly string[] | undefined
}

/** Only the catalogue decides whether a list of methods means every method. */
function isComparable(field: Field, { link, changes, catalogue }: Sides): boolean {
  if (link[field] === undefined) return false
  const isListAgainstNull = (link[field] === null) !== (changes[field] === null)
  return field !== 'whitelistedPaymentMethod' || catalogue !== undefined || !isListAgainstNull
}

/** An unreadable value never equals the one requested. */
function isSameField(field: Field, { link, changes, catalogue }: Sides): boolean {
  const { expiredAt, whitelistedPaymentMethod: methods, optionalMetadata: metadata } = link
  switch (field) {
    case 'expiredAt':
      return !(expiredAt instanceof Unreadable) && secondOf(expiredAt) === secondOf(changes.expiredAt)
    case 'whitelistedPaymentMethod':
      return !(methods instanceof Unreadable) && isSameWhitelist(methods, changes.whitelistedPaymentMethod, catalogue)
    case 'optionalMetadata':
      return !(metadata instanceof Unreadable) && isSameValue(metadata ?? {}, changes.optionalMetadata ?? {})
    default:
      return isSameValue(link[field], changes[field])
  }
}

function secondOf(instant: Instant | null | undefined): number | null {
  return instant == null ? null : epochSecondOf(instant)
}

/** As sets. Null and the whole catalogue both mean every method: the upstream fills in the list itself. */
function isSameWhitelist(
  stored: readonly string[] | null | undefined,
  requested: readonly string[] | null | undefined,
  catalogue: readonly string[] | undefined,
): boolean {
  const every = new Set(catalogue?.map(catalogueCode))
  const normalised = (codes: readonly string[] | null | undefined): Set<string> | undefined => {
    const set = new Set(codes?.map(catalogueCode))
    return codes == null || (every.size > 0 && [...every].every((code) => set.has(code))) ? undefined : set
  }
  const [left, right] = [normalised(stored), normalised(requested)]
  if (!left || !right) return left === right
  return left.size === right.size && [...left].every((code) => right.has(code))
}

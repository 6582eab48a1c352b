import type { Instant } from '../../../kernel/instant.js'
import { Unreadable } from '../../../kernel/unreadable.js'
import { isSameValue } from '../../../upstream/json-equality.js'
import { type CarriedLink, epochSecondOf, type UpdateChanges } from '../payment-link.model.js'
import { catalogueCode } from '../payment-method.wire.js'
import { FIELDS } from './update.wire.js'

/** Fields of ours that were asked for and not seen: shown otherwise, or such that the answer does not tell. */
export interface Unshown {
  readonly different: readonly (keyof UpdateChanges)[]
  readonly absent: readonly (keyof UpdateChanges)[]
}

/** Holds an answer against what was asked; both lists empty means that every change is seen. */
export function showsChanges(
  link: CarriedLink,
  changes: UpdateChanges,
  catalogue: readonly string[] | undefined,
): Unshown {
  const asked = FIELDS.filter((field) => changes[field] !== undefined)
  const absent = asked.filter((field) => !isTold(field, { link, changes, catalogue }))
  const shown = asked.filter((field) => !absent.includes(field))
  return { absent, different: shown.filter((field) => !showsField(field, { link, changes, catalogue })) }
}

interface Comparison {
  readonly link: CarriedLink
  readonly changes: UpdateChanges
  readonly catalogue: readonly string[] | undefined
}

/** Whether a list of methods is one of every method is told by the catalogue only. */
function isTold(field: keyof UpdateChanges, { link, changes, catalogue }: Comparison): boolean {
  if (link[field] === undefined) return false
  const isListAgainstNone = (link[field] === null) !== (changes[field] === null)
  return field !== 'whitelistedPaymentMethod' || catalogue !== undefined || !isListAgainstNone
}

/** What cannot be read does not show what was asked. */
function showsField(field: keyof UpdateChanges, { link, changes, catalogue }: Comparison): boolean {
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

/** As sets; null and a list of the whole catalogue both mean every method: the upstream fills in the list itself. */
function isSameWhitelist(
  shown: readonly string[] | null | undefined,
  asked: readonly string[] | null | undefined,
  catalogue: readonly string[] | undefined,
): boolean {
  const every = new Set(catalogue?.map(catalogueCode))
  const normal = (codes: readonly string[] | null | undefined): Set<string> | undefined => {
    const set = new Set(codes?.map(catalogueCode))
    return codes == null || (every.size > 0 && [...every].every((code) => set.has(code))) ? undefined : set
  }
  const [left, right] = [normal(shown), normal(asked)]
  if (!left || !right) return left === right
  return left.size === right.size && [...left].every((code) => right.has(code))
}

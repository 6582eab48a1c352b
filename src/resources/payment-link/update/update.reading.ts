import type { RequestScope } from '../../../graphql/scope.js'
import { sleep } from '../../../kernel/async.js'
import { GatewayError, toError } from '../../../kernel/errors.js'
import { listPaymentMethods, type ShownLink } from '../payment-link.api.js'
import type { UpdateChanges } from '../payment-link.model.js'
import type { UpdatePaymentLinkInput } from './update.input.js'
import { showsChanges } from './update.verify.js'
import { carriedOf, missingFields, tellsChange } from './update.wire.js'

/** Every method code, or why they are not known. */
export type Catalogue = readonly string[] | Error

/**
 * New codes are never sent unchecked, so for them the catalogue is waited for as long as the request lasts. For what else
 * it tells, the spelling of the codes that go back, it gets `spareMs`.
 */
export async function readCatalogue(scope: RequestScope, changes: UpdateChanges, spareMs: number): Promise<Catalogue> {
  const reading = listPaymentMethods(scope).then(catalogueOf, toError)
  if (changes.whitelistedPaymentMethod != null) return reading
  const enough = new AbortController()
  const read = await Promise.race([reading, sleep(spareMs, enough.signal)])
  enough.abort()
  return read ?? new GatewayError('UPSTREAM_TIMEOUT', 'The catalogue of payment methods did not come in time.')
}

/** Whether a look into the list could add nothing that the update has to know. */
export function isCompleteFor(
  shown: ShownLink,
  { expectedVersion, expectedUpdatedAt }: UpdatePaymentLinkInput,
  changes: UpdateChanges,
): boolean {
  const missing = missingFields(shown.row)
  // What is left alone must go back. A version speaks of fields that are about to change, too, but not of metadata.
  const isNeeded = (field: keyof UpdateChanges): boolean =>
    changes[field] === undefined || (expectedVersion != null && field !== 'optionalMetadata')
  if (missing.some(isNeeded) || (expectedUpdatedAt != null && !tellsChange(shown))) return false
  // What changes has to be known only where it alone decides whether there is anything to write.
  return missing.length === 0 || showsChanges(carriedOf(shown), changes, undefined).different.length > 0
}

function catalogueOf(codes: readonly string[]): Catalogue {
  return codes.length > 0 ? codes : new GatewayError('UPSTREAM_REJECTED', 'The catalogue of payment methods is empty.')
}

import { stringify } from 'lossless-json'
import { epochMsOf, type Instant } from '../../../kernel/instant.js'
import { isBlank, nullable, read, readCount, readFlag, readText, wireObject } from '../../../upstream/json/reader.js'
import { MalformedResponse } from '../../../upstream/malformed-response.js'
import { type CarriedLink, PAYMENT_LINK_STATUSES, type UpdateChanges } from '../payment-link.model.js'
import { readDate, readMetadata, type WireRow } from '../wire/payment-link.wire.js'
import { catalogueCode, readMethodCodes } from '../wire/payment-method.wire.js'
import type { LinkResponse } from '../wire/responses.wire.js'
import { findHalfCharacter } from './update.rules.js'

/** The body of an update, or the field whose stored value the route would refuse; the message may be shown. */
export type EncodedUpdate =
  | { readonly body: string }
  | { readonly inexpressible: { readonly field: keyof UpdateChanges; readonly message: string } }

/** What `PUT` replaces [seed:update]; an omitted key is reset (`required_customer_detail` to false). */
const WIRE_KEYS = {
  status: 'status',
  maxUsage: 'max_usage',
  requiredCustomerDetail: 'required_customer_detail',
  expiredAt: 'expired_at',
  whitelistedPaymentMethod: 'whitelisted_payment_method',
  redirectUrl: 'redirect_url',
  optionalMetadata: 'optional_metadata',
} as const satisfies Record<keyof UpdateChanges, string>

const FIELDS = Object.keys(WIRE_KEYS) as readonly (keyof UpdateChanges)[]

/** Model fields by the names the upstream uses for them in a refusal. */
export const FIELDS_BY_WIRE_KEY: ReadonlyMap<string, keyof UpdateChanges> = new Map(
  FIELDS.map((field) => [WIRE_KEYS[field], field]),
)

const MAX_USAGE_LIMIT = 1_000_000

/**
 * The body of an update: the whole representation. Unchanged fields come from the row, never from the model, in the form that
 * the route accepts. A key that the row lacks and the update does not set is omitted.
 * @param catalogue every method code; undefined if unknown
 */
export function encodeUpdate(
  row: WireRow,
  changes: UpdateChanges,
  catalogue: readonly string[] | undefined,
): EncodedUpdate {
  const body: Record<string, unknown> = {}
  for (const field of FIELDS) {
    try {
      const value = changes[field] !== undefined ? encodeChange(field, changes) : encodeUnchanged(field, row, catalogue)
      if (value !== undefined) body[WIRE_KEYS[field]] = value
    } catch (error) {
      return { inexpressible: { field, message: whyInexpressible(field, error) } }
    }
  }
  return { body: stringify(body) ?? '{}' }
}

/** Writable fields that the row does not carry. Omitted from a write, they may be reset. */
export function missingFields(row: WireRow): readonly (keyof UpdateChanges)[] {
  return FIELDS.filter((field) => row[WIRE_KEYS[field]] === undefined)
}

/** The link without the gateway's defaults: an absent key is parsed as false, but something else may be stored. */
export function carriedOf({ link, row }: LinkResponse): CarriedLink {
  return { ...link, ...Object.fromEntries(missingFields(row).map((field) => [field, undefined])) }
}

/** Whether the response itself says when the link was last changed; if not, `updatedAt` is the time of creation. */
export function hasUpdateTime({ row }: LinkResponse): boolean {
  return row['updated_at'] !== undefined
}

/** Why the route does not accept a value; the message may be shown. */
class Inexpressible extends Error {}

function whyInexpressible(field: keyof UpdateChanges, error: unknown): string {
  if (error instanceof Inexpressible) return error.message
  if (!(error instanceof MalformedResponse)) throw error
  return `The link has a ${field} that cannot be read, so it cannot be sent back; set ${field} to change the link.`
}

function encodeChange(field: keyof UpdateChanges, changes: UpdateChanges): unknown {
  switch (field) {
    case 'status':
      return changes.status?.toLowerCase()
    case 'expiredAt':
      return encodeInstant(changes.expiredAt)
    case 'whitelistedPaymentMethod':
      return changes.whitelistedPaymentMethod ?? []
    default:
      return changes[field]
  }
}

function encodeUnchanged(field: keyof UpdateChanges, row: WireRow, catalogue: readonly string[] | undefined): unknown {
  const value = encodeStored(field, row, catalogue)
  if (findHalfCharacter(value) === undefined) return value
  throw new Inexpressible(
    `The link has half a character in ${field}, which the upstream would not accept back; set ${field} to change the link.`,
  )
}

function encodeStored(field: keyof UpdateChanges, row: WireRow, catalogue: readonly string[] | undefined): unknown {
  const link = wireObject(row, '$.data')
  const key = WIRE_KEYS[field]
  switch (field) {
    case 'status':
      return encodeStatus(read(link, key, readText))
    case 'maxUsage':
      return encodeMaxUsage(read(link, key, readCount))
    case 'requiredCustomerDetail':
      return row[key] === undefined ? undefined : read(link, key, (value) => !isBlank(value) && readFlag(value))
    case 'expiredAt':
      return encodeInstant(read(link, key, nullable(readDate)))
    case 'whitelistedPaymentMethod':
      return encodeWhitelist(read(link, key, nullable(readMethodCodes)), catalogue)
    case 'redirectUrl':
      return read(link, key, nullable(readText))
    case 'optionalMetadata':
      return read(link, key, nullable(readMetadata))
  }
}

function encodeStatus(text: string): string {
  const isKnown = PAYMENT_LINK_STATUSES.some((status) => status !== 'UNKNOWN' && status === text.toUpperCase())
  if (isKnown) return text.toLowerCase()
  throw new Inexpressible(
    'The link has a status that the upstream would not accept back; set status to change the link.',
  )
}

/** 0 means unlimited. Links of v2 or the dashboard have it; the v1 route refuses it. */
function encodeMaxUsage(count: number): number {
  if (count >= 1 && count <= MAX_USAGE_LIMIT) return count
  throw new Inexpressible(
    `The link has maxUsage ${count}, which the upstream would not accept back; set maxUsage from 1 to ${MAX_USAGE_LIMIT}.`,
  )
}

function encodeInstant(instant: Instant | null | undefined): string | null | undefined {
  if (instant == null) return instant
  const text = String(epochMsOf(instant))
  if (/^\d{13}$/.test(text)) return text
  throw new Inexpressible('The upstream accepts an expiredAt between September 2001 and November 2286 only.')
}

function encodeWhitelist(
  codes: readonly string[] | null | undefined,
  catalogue: readonly string[] | undefined,
): readonly string[] | null | undefined {
  if (codes == null) return codes
  const known = new Set(catalogue)
  const writable = [...new Set(codes.map((code) => (known.has(code) ? code : catalogueCode(code))))]
  const unlisted = catalogue && writable.find((code) => !known.has(code))
  if (unlisted === undefined) return writable
  throw new Inexpressible(
    'The link allows a payment method that the catalogue no longer lists; set whitelistedPaymentMethod to change the link.',
  )
}

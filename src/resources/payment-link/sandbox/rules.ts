import type { LinkBehaviour } from './behaviour.js'
import { echoedWhitelist, isPaymentMethod } from './payment-methods.js'
import { type LinkChanges, type LinkRecord, toWholeSecond } from './records.js'

export type CheckedUpdate =
  | { readonly errors: Readonly<Record<string, readonly string[]>> }
  | { readonly changes: LinkChanges }

/**
 * Checks the body of a v1 PUT against the stored link. Returns every message, or the changes to store. A PUT replaces,
 * so a field that is left out is reset [seed:update]. `title` and any other key are ignored [lsp].
 */
export function checkUpdate(body: unknown, link: LinkRecord, behaviour: UpdateBehaviour): CheckedUpdate {
  const fields: Fields = isMap(body) ? body : {}
  const errors = Object.fromEntries(
    Object.entries<Rule>(RULES).flatMap(([field, rule]) => {
      const message = rule(fields[field as keyof Fields], link)
      return message === null ? [] : [[field, [message]]]
    }),
  )
  if (Object.keys(errors).length > 0) return { errors }
  const status = fields.status as string
  return { changes: behaviour.updateMovesOnlyStatus ? { status } : replacement(fields, behaviour) }
}

type UpdateBehaviour = Pick<LinkBehaviour, 'updateMovesOnlyStatus' | 'whitelistOfAll'>

type Fields = Readonly<Partial<Record<keyof typeof RULES, unknown>>>

/** Returns the message for a wrong value, or null. */
type Rule = (value: unknown, link: LinkRecord) => string | null

/** The documented body [seed:update]. */
const RULES = {
  max_usage: (value, link) => {
    if (isAbsent(value)) return 'Max usage is required'
    if (typeof value !== 'number' || !Number.isInteger(value)) return 'The max usage field must be an integer.'
    if (value < 1 || value > 1_000_000) return 'The max usage field must be between 1 and 1000000.'
    return value < link.currentUsage ? 'The max usage field must not be less than the current usage.' : null
  },
  status: (value) => {
    if (isAbsent(value)) return 'Status is required'
    return ['open', 'closed', 'expired'].includes(String(value)) ? null : 'The selected status is invalid.'
  },
  required_customer_detail: (value) =>
    value === undefined || typeof value === 'boolean'
      ? null
      : 'The required customer detail field must be true or false.',
  expired_at: (value) =>
    isAbsent(value) || isMilliseconds(value)
      ? null
      : 'The expired at field must be a 13-digit timestamp in milliseconds.',
  whitelisted_payment_method: (value) => {
    if (isAbsent(value)) return null
    if (!Array.isArray(value)) return 'The whitelisted payment method field must be an array.'
    return value.every(isPaymentMethod) ? null : 'The selected whitelisted payment method is invalid.'
  },
  redirect_url: (value) => {
    if (isAbsent(value)) return null
    if (typeof value !== 'string' || !/^https?:\/\/[^\s/?#]+([/?#]\S*)?$/i.test(value)) {
      return 'The redirect url field must be a valid URL.'
    }
    return value.length > 2048 ? 'The redirect url field must not be greater than 2048 characters.' : null
  },
  optional_metadata: (value) =>
    isAbsent(value) || isMap(value) || (Array.isArray(value) && value.length === 0)
      ? null
      : 'The optional metadata field must be an object.',
} satisfies Readonly<Record<string, Rule>>

/** Expects valid fields. */
function replacement(fields: Fields, behaviour: UpdateBehaviour): LinkChanges {
  const { expired_at: expiredAt, optional_metadata: metadata } = fields
  return {
    status: fields.status as string,
    maxUsage: fields.max_usage as number,
    requiredCustomerDetail: fields.required_customer_detail === true,
    expiredAtMs: isAbsent(expiredAt) ? null : toWholeSecond(Number(expiredAt)),
    whitelist: storedWhitelist((fields.whitelisted_payment_method ?? []) as readonly string[], behaviour),
    redirectUrl: (fields.redirect_url ?? null) as string | null,
    metadata: isAbsent(metadata) ? null : { ...(metadata as object) },
  }
}

function storedWhitelist(codes: readonly string[], { whitelistOfAll }: UpdateBehaviour): readonly string[] | null {
  if (codes.length > 0 || whitelistOfAll === 'filled') return echoedWhitelist(codes)
  return whitelistOfAll === 'null' ? null : []
}

/** Thirteen digits: text on one documented page [seed:update], a number on another [old]. */
function isMilliseconds(value: unknown): boolean {
  return (typeof value === 'string' || typeof value === 'number') && /^\d{13}$/.test(String(value))
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null
}

import { createHash } from 'node:crypto'
import type { Decimal } from '../../kernel/decimal.js'
import { epochMsOf, type Instant } from '../../kernel/instant.js'
import { type Readable, Unreadable } from '../../kernel/unreadable.js'
import { type AccountFacts, mergeAccountFacts } from '../account-facts/account-facts.model.js'

export const PAYMENT_LINK_STATUSES = ['OPEN', 'CLOSED', 'EXPIRED', 'UNKNOWN'] as const
export type PaymentLinkStatus = (typeof PAYMENT_LINK_STATUSES)[number]

export interface Item {
  readonly name: string
  readonly quantity: number
  readonly unitPrice: Decimal
  readonly subtotal: Decimal
}

/** JSON as `lossless-json` reads it: a number that a double cannot hold is a `LosslessNumber`. */
export type JsonObject = Readonly<Record<string, unknown>>

/**
 * A payment link as the gateway knows it. `undefined` means that the response does not carry the field, and never overwrites
 * what is known; `null` means empty. Fields that may be null in the schema may be unreadable here.
 */
export interface PaymentLink {
  readonly id: string
  readonly accountId: string
  readonly reffNo: string
  readonly title: Readable<string | null | undefined>
  readonly paymentUrl: Readable<string | null | undefined>
  readonly status: PaymentLinkStatus
  /** The upstream's own word, when `status` is UNKNOWN: two unknown words are two states. */
  readonly statusText?: string
  readonly statusComputed: PaymentLinkStatus
  readonly isExpired: boolean
  readonly requiredCustomerDetail: boolean
  readonly maxUsage: number
  readonly currentUsage: number
  readonly hasPayments: boolean
  readonly expiredAt: Readable<Instant | null | undefined>
  readonly totalAmount: Decimal
  readonly currency: string
  readonly items: Readable<readonly Item[] | null | undefined>
  readonly whitelistedPaymentMethod: Readable<readonly string[] | null | undefined>
  readonly redirectUrl: Readable<string | null | undefined>
  readonly optionalMetadata: Readable<JsonObject | null | undefined>
  readonly paymentDate: Readable<Instant | null | undefined>
  readonly createdAt: Instant
  readonly updatedAt: Instant
  /** What the row says about its account. */
  readonly accountFacts: AccountFacts
}

/** A link of which any field may be unreadable, for updates: an unreadable field does not prevent setting others. */
export type PartlyReadLink = {
  readonly [Field in keyof PaymentLink]: Field extends AlwaysRead ? PaymentLink[Field] : Readable<PaymentLink[Field]>
}

type AlwaysRead = 'id' | 'accountId' | 'statusText' | 'currency' | 'accountFacts'

/** The same, with undefined instead of a default for writable fields that no response carried. */
export type CarriedLink = {
  readonly [Field in keyof PartlyReadLink]:
    | PartlyReadLink[Field]
    | (Field extends keyof UpdateChanges ? undefined : never)
}

/** Fields that the list carries and the single read does not [seed:list] [seed:show]. */
export const LIST_ONLY_FIELDS = ['optionalMetadata'] as const

/** The changes requested: an absent key keeps its value, null clears it. */
export interface UpdateChanges {
  readonly status?: Exclude<PaymentLinkStatus, 'UNKNOWN'>
  readonly maxUsage?: number
  readonly requiredCustomerDetail?: boolean
  readonly expiredAt?: Instant | null
  /** Null allows every method. */
  readonly whitelistedPaymentMethod?: readonly string[] | null
  readonly redirectUrl?: string | null
  readonly optionalMetadata?: JsonObject | null
}

/**
 * Short text that changes when a writable field changes, and is the same from list and show. It excludes metadata, which show
 * does not carry, usage, because a payment is not an edit, and fractions of seconds, which the upstream drops. If a response
 * lacks a field that others carry, the text says so and covers the rest only.
 */
export function versionOf(link: PartlyReadLink): string {
  return versionOver(
    link,
    OMITTABLE_FIELDS.map((field) => link[field] !== undefined),
  )
}

/** Whether a version is that of this link, from whichever kind of read. */
export function isVersionOf(link: PartlyReadLink, version: string): boolean {
  const [, missing] = /\.([1-7])$/.exec(version) ?? []
  return (
    version ===
    versionOver(
      link,
      OMITTABLE_FIELDS.map((_, index) => (Number(missing ?? 0) & (1 << index)) === 0),
    )
  )
}

/** Documented for every read, but a response without them is still readable. */
const OMITTABLE_FIELDS = ['expiredAt', 'whitelistedPaymentMethod', 'redirectUrl'] as const

function versionOver(link: PartlyReadLink, isCarried: readonly boolean[]): string {
  const [expiry, methods, redirect] = isCarried
  const missing = isCarried.reduce((bits, carried, index) => (carried ? bits : bits | (1 << index)), 0)
  const writable = [
    link.status === 'UNKNOWN' ? (link.statusText ?? '').toLowerCase() : comparable(link.status),
    comparable(link.maxUsage),
    comparable(link.requiredCustomerDetail),
    expiry ? comparable(link.expiredAt, epochSecondOf) : null,
    methods ? comparable(link.whitelistedPaymentMethod, (codes) => [...new Set(codes)].sort()) : null,
    redirect ? comparable(link.redirectUrl) : null,
    missing,
  ]
  const digest = createHash('sha256').update(JSON.stringify(writable)).digest('base64url')
  return `${digest.slice(0, VERSION_CHARACTERS)}${missing === 0 ? '' : `.${missing}`}`
}

/** An unreadable value is represented by its fingerprint, so that the version changes when it does. */
function comparable<T>(
  value: T,
  normalise: (value: Exclude<NonNullable<T>, Unreadable>) => unknown = (plain) => plain,
): unknown {
  if (value instanceof Unreadable) return { unreadable: value.fingerprint }
  return value == null ? null : normalise(value as Exclude<NonNullable<T>, Unreadable>)
}

/** Merges two reads of one link: the newer one wins, except for what it does not carry. `statusText` belongs to its status. */
export function mergeLinks<Link extends CarriedLink>(known: Link, newer: Link): Link {
  const carried = Object.fromEntries(Object.entries(newer).filter(([, value]) => value !== undefined))
  const { statusText: _, ...rest } = known
  return {
    ...rest,
    ...carried,
    accountFacts: mergeAccountFacts(known.accountFacts, newer.accountFacts),
  } as Link
}

/** The upstream stores whole seconds. */
export function epochSecondOf(instant: Instant): number {
  return Math.floor(epochMsOf(instant) / 1000)
}

/** 120 bits: two states of one link never collide by chance. */
const VERSION_CHARACTERS = 20

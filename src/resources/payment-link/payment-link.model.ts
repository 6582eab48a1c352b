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
 * A payment link as the gateway knows it. `undefined` is "the answer does not carry this field" and never overwrites
 * what is known; `null` is "empty". What may be null in the schema may be unreadable here.
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
  /** What the row says of its account. */
  readonly accountFacts: AccountFacts
}

/** A link of which any field may be unreadable, as an update needs it: what is bad does not keep others from being set. */
export type PartlyReadLink = {
  readonly [Field in keyof PaymentLink]: Field extends AlwaysRead ? PaymentLink[Field] : Readable<PaymentLink[Field]>
}

type AlwaysRead = 'id' | 'accountId' | 'statusText' | 'currency' | 'accountFacts'

/** The same without a default for what an answer may set and does not carry: that is undefined. */
export type CarriedLink = {
  readonly [Field in keyof PartlyReadLink]:
    | PartlyReadLink[Field]
    | (Field extends keyof UpdateChanges ? undefined : never)
}

/** Fields that the list carries and the single read does not [seed:list] [seed:show]. */
export const LIST_ONLY_FIELDS = ['optionalMetadata'] as const

/** What a caller wants changed: a key that is absent stays as it is, null is cleared. */
export interface UpdateChanges {
  readonly status?: Exclude<PaymentLinkStatus, 'UNKNOWN'>
  readonly maxUsage?: number
  readonly requiredCustomerDetail?: boolean
  readonly expiredAt?: Instant | null
  /** Null is every method. */
  readonly whitelistedPaymentMethod?: readonly string[] | null
  readonly redirectUrl?: string | null
  readonly optionalMetadata?: JsonObject | null
}

/**
 * Short text that changes when a writable field changes, and is the same through list and show. Metadata is not in it:
 * show does not carry it. Usage is not: a payment is no edit. Sub-seconds are not: the upstream drops them. Where an answer
 * lacks a field that others carry, the text says so, and speaks of the rest only.
 */
export function versionOf(link: PartlyReadLink): string {
  return versionOver(
    link,
    NOT_IN_EVERY_READ.map((field) => link[field] !== undefined),
  )
}

/** Whether a version is that of the link as it is now, whichever read of it the version came from. */
export function isVersionOf(link: PartlyReadLink, version: string): boolean {
  const [, lacking] = /\.([1-7])$/.exec(version) ?? []
  return (
    version ===
    versionOver(
      link,
      NOT_IN_EVERY_READ.map((_, index) => (Number(lacking ?? 0) & (1 << index)) === 0),
    )
  )
}

/** Documented everywhere, but an answer without them can be read all the same. */
const NOT_IN_EVERY_READ = ['expiredAt', 'whitelistedPaymentMethod', 'redirectUrl'] as const

function versionOver(link: PartlyReadLink, isCarried: readonly boolean[]): string {
  const [expiry, methods, redirect] = isCarried
  const lacking = isCarried.reduce((bits, carried, index) => (carried ? bits : bits | (1 << index)), 0)
  const writable = [
    link.status === 'UNKNOWN' ? (link.statusText ?? '').toLowerCase() : told(link.status),
    told(link.maxUsage),
    told(link.requiredCustomerDetail),
    expiry ? told(link.expiredAt, epochSecondOf) : null,
    methods ? told(link.whitelistedPaymentMethod, (codes) => [...new Set(codes)].sort()) : null,
    redirect ? told(link.redirectUrl) : null,
    lacking,
  ]
  const digest = createHash('sha256').update(JSON.stringify(writable)).digest('base64url')
  return `${digest.slice(0, VERSION_CHARACTERS)}${lacking === 0 ? '' : `.${lacking}`}`
}

/** What cannot be read is told by its fingerprint, so that the version moves when it does. */
function told<T>(
  value: T,
  inOneForm: (value: Exclude<NonNullable<T>, Unreadable>) => unknown = (plain) => plain,
): unknown {
  if (value instanceof Unreadable) return { unreadable: value.fingerprint }
  return value == null ? null : inOneForm(value as Exclude<NonNullable<T>, Unreadable>)
}

/** Two reads of one link: the newer wins, but what it does not carry never overwrites what is known. */
export function mergeLinks<Link extends CarriedLink>(known: Link, newer: Link): Link {
  const carried = Object.fromEntries(Object.entries(newer).filter(([, value]) => value !== undefined))
  const { statusText: _, ...rest } = known
  return {
    ...rest,
    ...carried,
    accountFacts: mergeAccountFacts(known.accountFacts, newer.accountFacts),
  } as Link
}

/** The upstream keeps whole seconds. */
export function epochSecondOf(instant: Instant): number {
  return Math.floor(epochMsOf(instant) / 1000)
}

/** 120 bits: no two states of one link meet by chance. */
const VERSION_CHARACTERS = 20

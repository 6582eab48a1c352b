import { createHash } from 'node:crypto'
import type { Decimal } from '../../kernel/decimal.js'
import { epochMsOf, type Instant } from '../../kernel/instant.js'
import { type AccountFacts, mergeAccountFacts } from '../account/account.model.js'

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
 * what is known; `null` is "empty".
 */
export interface PaymentLink {
  readonly id: string
  readonly accountId: string
  readonly reffNo: string
  readonly title: string | null | undefined
  readonly paymentUrl: string | null | undefined
  readonly status: PaymentLinkStatus
  /** The upstream's own word, when `status` is UNKNOWN: two unknown words are two states. */
  readonly statusText?: string
  readonly statusComputed: PaymentLinkStatus
  readonly isExpired: boolean
  readonly requiredCustomerDetail: boolean
  readonly maxUsage: number
  readonly currentUsage: number
  readonly hasPayments: boolean
  readonly expiredAt: Instant | null | undefined
  readonly totalAmount: Decimal
  readonly currency: string
  readonly items: readonly Item[] | null | undefined
  readonly whitelistedPaymentMethod: readonly string[] | null | undefined
  readonly redirectUrl: string | null | undefined
  readonly optionalMetadata: JsonObject | null | undefined
  readonly paymentDate: Instant | null | undefined
  readonly createdAt: Instant
  readonly updatedAt: Instant
  /** What the row says of its account. */
  readonly accountFacts: AccountFacts
}

/** Fields that the list carries and the single read does not [seed:list] [seed:show]. */
export const NOT_IN_EVERY_ROUTE = ['optionalMetadata'] as const

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
export function versionOf(link: PaymentLink): string {
  return versionOver(
    link,
    NOT_IN_EVERY_READ.map((field) => link[field] !== undefined),
  )
}

/** Whether a version is that of the link as it is now, whichever read of it the version came from. */
export function isVersionOf(link: PaymentLink, version: string): boolean {
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

function versionOver(link: PaymentLink, isCarried: readonly boolean[]): string {
  const [expiry, methods, redirect] = isCarried
  const lacking = isCarried.reduce((bits, carried, index) => (carried ? bits : bits | (1 << index)), 0)
  const writable = [
    link.status === 'UNKNOWN' ? (link.statusText ?? '').toLowerCase() : link.status,
    link.maxUsage,
    link.requiredCustomerDetail,
    !expiry || link.expiredAt == null ? null : epochSecondOf(link.expiredAt),
    !methods || link.whitelistedPaymentMethod == null ? null : [...new Set(link.whitelistedPaymentMethod)].sort(),
    redirect ? (link.redirectUrl ?? null) : null,
    lacking,
  ]
  const digest = createHash('sha256').update(JSON.stringify(writable)).digest('base64url')
  return `${digest.slice(0, VERSION_CHARACTERS)}${lacking === 0 ? '' : `.${lacking}`}`
}

/** Two reads of one link: the newer wins, but what it does not carry never overwrites what is known. */
export function mergeLinks(known: PaymentLink, newer: PaymentLink): PaymentLink {
  const carried = Object.fromEntries(Object.entries(newer).filter(([, value]) => value !== undefined))
  const { statusText: _, ...rest } = known
  return {
    ...rest,
    ...(carried as Partial<PaymentLink> as PaymentLink),
    accountFacts: mergeAccountFacts(known.accountFacts, newer.accountFacts),
  }
}

/** The upstream keeps whole seconds. */
export function epochSecondOf(instant: Instant): number {
  return Math.floor(epochMsOf(instant) / 1000)
}

/** 120 bits: no two states of one link meet by chance. */
const VERSION_CHARACTERS = 20

import type { PaymentLinkFieldsFragment } from 'singapay-payment-link-gateway/client'

/**
 * Formats from the text, with every digit it has: a float would show digits that nobody owes, and the customs of a
 * currency (none after the comma, for rupiah) would hide some that somebody does.
 */
export function formatAmount({ totalAmount, currency }: PaymentLinkFieldsFragment): string {
  const fractionDigits = totalAmount.split('.')[1]?.length ?? 0
  return new Intl.NumberFormat(undefined, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: fractionDigits,
    trailingZeroDisplay: 'stripIfInteger',
  }).format(totalAmount as `${number}`)
}

export function formatCount(count: number): string {
  return new Intl.NumberFormat().format(count)
}

/** An instant in the reader's own time zone. */
export function formatInstant(instant: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant))
}

/** `OPEN` → `Open`. */
export function formatStatus(status: string): string {
  return status.charAt(0) + status.slice(1).toLowerCase()
}

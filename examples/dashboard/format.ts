import type { PaymentLinkFieldsFragment } from 'singapay-payment-link-gateway/client'

/**
 * Formats the decimal string with every digit it has. A float could show digits that are not in the amount, and the currency's own
 * convention (no decimals, for rupiah) would hide digits that are.
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

/** A time in the reader's own time zone. */
export function formatInstant(instant: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant))
}

/** `OPEN` → `Open`. */
export function formatStatus(status: string): string {
  return status.charAt(0) + status.slice(1).toLowerCase()
}

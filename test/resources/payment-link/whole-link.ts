import { Unreadable } from '../../../src/kernel/unreadable.js'
import type { PaymentLink } from '../../../src/resources/payment-link/payment-link.model.js'
import {
  parseLinkFields,
  type RowContext,
  wholeLink,
} from '../../../src/resources/payment-link/wire/payment-link.wire.js'

/** Reads a row as the list does, and throws why where it is no whole link. */
export function parsePaymentLink(row: unknown, at: RowContext): PaymentLink {
  const link = wholeLink(parseLinkFields(row, at))
  if (link instanceof Unreadable) throw link
  return link
}

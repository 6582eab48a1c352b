import {
  type PaymentLinkFieldsFragment,
  type PaymentLinkPageFragment,
  PaymentLinksForwardDocument,
  UpdatePaymentLinkDocument,
} from 'singapay-payment-link-gateway/client'
import { ask } from './ask.js'

type ListedLink = NonNullable<PaymentLinkPageFragment['nodes'][number]>

/** Every link of an account, page by page. Unreadable links are left out. */
export async function* linksOf(url: string, accountId: string): AsyncGenerator<ListedLink> {
  let page = await pageOf(url, accountId, null)
  for (;;) {
    for (const link of page.nodes) if (link !== null) yield link
    if (!page.pageInfo.hasNextPage) return
    page = await pageOf(url, accountId, page.pageInfo.endCursor)
  }
}

async function pageOf(url: string, accountId: string, after: string | null): Promise<PaymentLinkPageFragment> {
  const { data, errors } = await ask(url, PaymentLinksForwardDocument, { accountId, first: 100, after })
  if (!data?.paymentLinks) throw new Error(errors?.[0]?.message ?? 'The gateway returned no data')
  return data.paymentLinks
}

const rupiah = new Intl.NumberFormat('id-ID', { style: 'currency', currency: 'IDR', minimumFractionDigits: 2 })

/** `Kopi Arabika: Rp 140.500,00`. Formats the amount from its string; it is never a float. */
export function lineOf({ title, totalAmount }: ListedLink): string {
  return `${title ?? 'Untitled'}: ${rupiah.format(totalAmount)}`
}

/** Closes a link if it is still as it was read; otherwise `userErrors` say why not. */
export async function closeLink(
  url: string,
  { accountId, id, version }: Pick<PaymentLinkFieldsFragment, 'accountId' | 'id' | 'version'>,
): Promise<string[]> {
  const input = { accountId, id, status: 'CLOSED', expectedVersion: version } as const
  const { data, errors } = await ask(url, UpdatePaymentLinkDocument, { input })
  if (!data?.updatePaymentLink) throw new Error(errors?.[0]?.message ?? 'The gateway returned no data')
  return data.updatePaymentLink.userErrors.map(({ message }) => message)
}

import type { PaymentLinkFieldsFragment } from 'singapay-payment-link-gateway/client'

/** A link that can be updated: open, and with a limit that v1 of the API can write. */
export function firstWritable<Link extends Pick<PaymentLinkFieldsFragment, 'status' | 'maxUsage' | 'isExpired'>>(
  links: readonly Link[],
): Link {
  const link = links.find(({ status, maxUsage, isExpired }) => status === 'OPEN' && !isExpired && maxUsage > 0)
  if (link === undefined) throw new Error('The page has no link that can be updated.')
  return link
}

/** Another account of the sandbox than the one `startGateway` returns; it has 47 links. */
export const OTHER_ACCOUNT_ID = '01K7P073Q8RE2A9PQT8Q7MXPN4'

/** A well-formed id of no account. */
export const UNKNOWN_ACCOUNT_ID = '01HZZZZZZZZZZZZZZZZZZZZZZZ'

import { expect } from 'vitest'
import {
  PaymentLinkDocument,
  type PaymentLinkQuery,
  PaymentLinksDocument,
  UpdatePaymentLinkDocument,
  type UpdatePaymentLinkInput,
  type UpdatePaymentLinkMutation,
} from '../../../src/client/graphql.js'
import type { LinkRecord, NewLink } from '../../../src/resources/payment-link/sandbox/records.js'
import type { LogEntry } from '../../../src/sandbox/log.js'
import type { GatewayResponse, TestGateway } from '../../support/gateway.js'

/** The sandbox's first account, of 200 links. */
export const ACCOUNT = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'

export type Changes = Omit<UpdatePaymentLinkInput, 'accountId' | 'id'>
export type Link = NonNullable<PaymentLinkQuery['paymentLink']>
type Payload = NonNullable<UpdatePaymentLinkMutation['updatePaymentLink']>

/** A time on a whole second, a year ahead. */
export const LATER_MS = Math.floor(Date.now() / 1000) * 1000 + 400 * 86_400_000
export const LATER = new Date(LATER_MS).toISOString()

/** A link with a value in every writable field, so that a lost one shows. */
export function plant(gateway: TestGateway, fields: Partial<NewLink> = {}): LinkRecord {
  return gateway.sandbox.insertLink({
    accountId: ACCOUNT,
    status: 'open',
    maxUsage: 10,
    currentUsage: 2,
    requiredCustomerDetail: true,
    expiredAtMs: LATER_MS,
    whitelist: ['QRIS', 'RETAIL_ALFAMART_LINKQU'],
    redirectUrl: 'https://merchant.example.com/done',
    metadata: { order: 'A-1', nested: { list: [1, { deep: true }] } },
    ...fields,
  })
}

/** The representation of `plant`'s link as the upstream takes it. */
export const WHOLE = {
  status: 'open',
  max_usage: 10,
  required_customer_detail: true,
  expired_at: String(LATER_MS),
  whitelisted_payment_method: ['QRIS', 'ALFAMART'],
  redirect_url: 'https://merchant.example.com/done',
  optional_metadata: { order: 'A-1', nested: { list: [1, { deep: true }] } },
}

export function update(
  gateway: Pick<TestGateway, 'request'>,
  link: Pick<LinkRecord, 'id' | 'accountId'>,
  changes: Changes,
): Promise<GatewayResponse<UpdatePaymentLinkMutation>> {
  const input = { accountId: link.accountId, id: String(link.id), ...changes }
  return gateway.request(UpdatePaymentLinkDocument, { input })
}

/** The payload of a response without `errors`. */
export function payloadOf(response: GatewayResponse<UpdatePaymentLinkMutation>): Payload {
  expect(response.errors, response.text).toBeUndefined()
  if (response.data?.updatePaymentLink == null) throw new Error(`No payload: ${response.text}`)
  return response.data.updatePaymentLink
}

/** The payload of a response whose only error is that the metadata, which only the list carries, could not be read. */
export function payloadWithoutMetadata(response: GatewayResponse<UpdatePaymentLinkMutation>): Payload {
  const path = ['updatePaymentLink', 'paymentLink', 'optionalMetadata']
  expect(
    response.errors?.map((error) => error.path),
    response.text,
  ).toEqual([path])
  return payloadOf({ ...response, errors: undefined } as GatewayResponse<UpdatePaymentLinkMutation>)
}

/** The link after an update without user errors. */
export function updatedOf(response: GatewayResponse<UpdatePaymentLinkMutation>): NonNullable<Payload['paymentLink']> {
  const { paymentLink, userErrors } = payloadOf(response)
  expect(userErrors).toEqual([])
  if (paymentLink === null) throw new Error(`No link: ${response.text}`)
  return paymentLink
}

/** The code of the only error. */
export function codeOf(response: GatewayResponse<unknown>): string | undefined {
  expect(response.errors, response.text).toHaveLength(1)
  return response.errors?.[0]?.extensions.code
}

export async function shown(gateway: TestGateway, link: Pick<LinkRecord, 'id' | 'accountId'>): Promise<Link> {
  const { data, text } = await gateway.request(PaymentLinkDocument, { accountId: link.accountId, id: String(link.id) })
  if (data?.paymentLink == null) throw new Error(`No link: ${text}`)
  return data.paymentLink
}

/** The link as the list of its account has it. */
export async function listed(
  gateway: TestGateway,
  link: Pick<LinkRecord, 'id' | 'accountId'>,
): Promise<Omit<Link, 'account'>> {
  const { data, text } = await gateway.request(PaymentLinksDocument, { accountId: link.accountId, first: 100 })
  const found = data?.paymentLinks?.edges.find((edge) => edge?.node?.id === String(link.id))?.node
  if (found == null) throw new Error(`No such link in the list: ${text.slice(0, 500)}`)
  return found
}

export function stored(gateway: TestGateway, link: Pick<LinkRecord, 'id' | 'accountId'>): LinkRecord {
  const found = gateway.sandbox.linksOf(link.accountId).find(({ id }) => id === link.id)
  if (found === undefined) throw new Error(`The sandbox has no link ${link.id}`)
  return found
}

/** The writes the upstream has received. */
export function puts(gateway: TestGateway): readonly LogEntry[] {
  return gateway.sandbox.log.entries.filter(({ method }) => method === 'PUT')
}

/** The body of the only write. */
export function onlyPut(gateway: TestGateway): unknown {
  const seen = puts(gateway)
  expect(seen).toHaveLength(1)
  return seen[0]?.body
}

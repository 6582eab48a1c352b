import { PaymentLinkDocument } from 'singapay-payment-link-gateway/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.js'
import { ask } from './ask.js'
import { closeLink, lineOf, linksOf } from './payment-links.js'

let gateway: Gateway

beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.stop())

it('lists every link of an account once', async () => {
  const ids: string[] = []
  for await (const { id } of linksOf(gateway.url, gateway.accountId)) ids.push(id)
  expect([ids.length, new Set(ids).size]).toEqual([200, 200])
})

it('formats an amount in the local style, to the last digit', () => {
  const link = { id: '1', accountId: gateway.accountId, title: 'Kopi', status: 'OPEN', statusComputed: 'OPEN' } as const
  const line = lineOf({ ...link, totalAmount: '12345678901234567.89', currency: 'IDR' })
  expect(line.replaceAll('\u00a0', ' ')).toBe('Kopi: Rp 12.345.678.901.234.567,89')
})

it('closes a link that is still as it was read, but not one that has changed since', async () => {
  const { value: listed } = await linksOf(gateway.url, gateway.accountId).next()
  const key = { accountId: gateway.accountId, id: listed?.id ?? '' }
  const { data } = await ask(gateway.url, PaymentLinkDocument, key)
  const link = { ...key, version: data?.paymentLink?.version ?? '' }

  expect(await closeLink(gateway.url, link)).toEqual([])
  const after = await ask(gateway.url, PaymentLinkDocument, key)
  expect(after.data?.paymentLink?.status).toBe('CLOSED')
  expect(await closeLink(gateway.url, link)).toEqual([expect.stringContaining('changed')])
})

import { describe, expect, it } from 'vitest'
import { type BehaviourChanges, gatewayOfFile, startGatewayOver, startTestGateway } from '../../support/gateway.js'
import { type Answering, CREDENTIALS, json, withUpstream } from '../../support/with-upstream.js'
import { ACCOUNT, codeOf, onlyPut, payloadWithoutMetadata, plant, puts, update, updatedOf, WHOLE } from './updating.js'

const gateway = gatewayOfFile()

const PAGINGS: readonly BehaviourChanges[] = [
  {},
  { pagination: 'snake' },
  { pagination: 'meta' },
  { pagination: 'text' },
  { pagination: 'empty' },
  { pagination: 'absent' },
  { ignorePerPage: true, perPageDefault: 10 },
  { ignorePerPage: true, perPageDefault: 10, pagination: 'absent' },
  { perPageMax: 7 },
  { order: 'oldest' },
  { order: 'oldest', pagination: 'absent', ignorePerPage: true },
]

describe('metadata, which show does not carry', () => {
  it.each(PAGINGS)(
    'keeps the metadata of a link anywhere in an account of 200, with lists as %j',
    async (behaviour) => {
      gateway.sandbox.behaviour.change(behaviour)
      const links = gateway.sandbox.linksOf(ACCOUNT)
      expect(links.length).toBeGreaterThanOrEqual(200)
      for (const index of [0, 24, 25, 101, links.length - 1]) {
        const link = links[index]
        if (link === undefined) throw new Error('too few links')
        const invoice = { invoice_number: `INV/${index}` }
        gateway.sandbox.patchLink(ACCOUNT, link.id, {
          metadata: invoice,
          maxUsage: 50,
          currentUsage: 0,
          whitelist: null,
        })
        gateway.sandbox.log.clear()
        const updated = updatedOf(await update(gateway, link, { maxUsage: 60 + index }))
        expect(onlyPut(gateway)).toMatchObject({ max_usage: 60 + index, optional_metadata: invoice })
        expect(updated.optionalMetadata).toEqual(invoice)
      }
    },
  )

  it.each(['insertBeforeNext', 'deleteBeforeNext'] as const)(
    'keeps the metadata while the list changes with every page read: %s',
    async (onList) => {
      const own = await startTestGateway()
      try {
        own.sandbox.behaviour.change({ onList, ignorePerPage: true, perPageDefault: 10 })
        for (const share of [0.3, 0.5, 0.7, 0.9]) {
          const links = own.sandbox.linksOf(ACCOUNT)
          const link = links[Math.floor(share * links.length)]
          if (link === undefined) throw new Error('no link there')
          const rest = { status: 'open', maxUsage: 50, currentUsage: 0, whitelist: null }
          own.sandbox.patchLink(ACCOUNT, link.id, { ...rest, metadata: { share } })
          updatedOf(await update(own, link, { maxUsage: 60 }))
          expect(puts(own).at(-1)?.body).toMatchObject({ max_usage: 60, optional_metadata: { share } })
        }
      } finally {
        await own.stop()
      }
    },
  )

  it('reads no list when the single read carries the metadata', async () => {
    gateway.sandbox.behaviour.change({ showDialect: { metadata: 'present' } })
    updatedOf(await update(gateway, plant(gateway), { maxUsage: 12 }))
    expect(onlyPut(gateway)).toEqual({ ...WHOLE, max_usage: 12 })
    expect(gateway.sandbox.log.count('list')).toBe(0)
  })

  it('reads no list when the metadata changes together with another field', async () => {
    updatedOf(await update(gateway, plant(gateway), { optionalMetadata: { new: 1 }, maxUsage: 12 }))
    expect(onlyPut(gateway)).toEqual({ ...WHOLE, optional_metadata: { new: 1 }, max_usage: 12 })
    expect(gateway.sandbox.log.count('list')).toBe(0)
  })

  it('sends empty metadata back as a map though the upstream spells it as a list', async () => {
    gateway.sandbox.behaviour.change({ emptyMap: 'list' })
    updatedOf(await update(gateway, plant(gateway, { metadata: {} }), { maxUsage: 12 }))
    expect(onlyPut(gateway)).toEqual({ ...WHOLE, max_usage: 12, optional_metadata: {} })
  })

  it('sends no metadata when the list carries none either', async () => {
    gateway.sandbox.behaviour.change({ listDialect: { metadata: 'absent' } })
    updatedOf(await update(gateway, plant(gateway), { maxUsage: 12 }))
    const { optional_metadata: _, ...rest } = WHOLE
    expect(onlyPut(gateway)).toEqual({ ...rest, max_usage: 12 })
  })

  it('keeps the metadata when another field of its list row is unreadable', async () => {
    const link = plant(gateway)
    gateway.sandbox.setLinkRaw(ACCOUNT, link.id, { set: { total_amount: 'a lot' }, in: ['list'] })
    updatedOf(await update(gateway, link, { maxUsage: 12 }))
    expect(onlyPut(gateway)).toEqual({ ...WHOLE, max_usage: 12 })
  })

  it('sends nothing when the metadata to keep is unreadable', async () => {
    const link = plant(gateway)
    gateway.sandbox.setLinkRaw(ACCOUNT, link.id, { set: { optional_metadata: 'text' }, in: ['list'] })
    expect(codeOf(await update(gateway, link, { maxUsage: 12 }))).toBe('UPSTREAM_MALFORMED')
    expect(puts(gateway)).toEqual([])
  })

  it('replaces metadata that is unreadable', async () => {
    const link = plant(gateway)
    gateway.sandbox.setLinkRaw(ACCOUNT, link.id, { set: { optional_metadata: 'text' }, in: ['list'] })
    updatedOf(await update(gateway, link, { optionalMetadata: { new: 1 } }))
    expect(onlyPut(gateway)).toEqual({ ...WHOLE, optional_metadata: { new: 1 } })
  })

  it('sends nothing when the list that has the metadata is unreadable', async () => {
    gateway.sandbox.faults.add({ kind: 'truncated', operation: 'list' })
    const { userErrors } = payloadWithoutMetadata(await update(gateway, plant(gateway), { maxUsage: 12 }))
    expect(userErrors).toMatchObject([{ code: 'REJECTED', field: ['optionalMetadata'] }])
    expect(puts(gateway)).toEqual([])
  })
})

describe('metadata of an unusual upstream', () => {
  it('sends numbers in metadata back digit for digit', async () => {
    const metadata = '{"a":12345678901234567890,"b":{"c":[0.10000000000000000555,1e400,{"d":"é"}],"e":20.00}}'
    const sent = await bodySent(7, [rowText(7, metadata)])
    // Numbers that a double holds may be respelled (20.00 as 20); the others keep every digit.
    expect(sent).toContain(`"optional_metadata":${metadata.replace('20.00', '20')}`)
  })

  it('keeps the metadata of a link in a long unsorted list', async () => {
    const ids = Array.from({ length: 700 }, (_, index) => 1 + ((index * 389) % 701))
    const id = ids.at(-40) ?? 0
    const sent = await bodySent(
      id,
      ids.map((each) => rowText(each, `{"of":${each}}`)),
    )
    expect(sent).toContain(`"optional_metadata":{"of":${id}}`)
  })

  /** Raises `max_usage` over an upstream that lists these rows and shows each without its metadata. */
  async function bodySent(id: number, rows: readonly string[]): Promise<string | undefined> {
    let body: string | undefined
    const answer: Answering = ({ method, path }, response) => {
      if (path.endsWith('/payment-methods')) return json(response, 500, {})
      const { searchParams: query } = new URL(path, 'http://upstream')
      const size = Number(query.get('per_page'))
      const start = (Number(query.get('page')) - 1) * size
      const data = query.has('page')
        ? `[${rows.slice(start, start + size).join(',')}]`
        : rowText(id, undefined, method === 'PUT' ? 2 : 1)
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(`{"status":200,"success":true,"data":${data}}`)
    }
    await withUpstream({ answer }, async ({ origin, calls }) => {
      const own = await startGatewayOver(origin, {
        LOG_LEVEL: 'silent',
        SINGAPAY_API_KEY: CREDENTIALS.apiKey,
        SINGAPAY_CLIENT_ID: CREDENTIALS.clientId,
        SINGAPAY_CLIENT_SECRET: CREDENTIALS.clientSecret,
      })
      try {
        const { text } = await own.request(
          `mutation { updatePaymentLink(input: { accountId: "${ACCOUNT}", id: "${id}", maxUsage: 2 }) { userErrors { code } } }`,
        )
        expect(text).toContain('"userErrors":[]')
        body = calls.find(({ method }) => method === 'PUT')?.body
      } finally {
        await own.stop()
      }
    })
    return body
  }

  /** A row as JSON text; created in an order that its id does not follow. */
  function rowText(id: number, metadata?: string, maxUsage = 1): string {
    const created = new Date(1_700_000_000_000 + ((id * 7919) % 1000) * 60_000).toISOString()
    return `{"id":${id},"reff_no":"INV-${id}","status":"open","required_customer_detail":true,"max_usage":${maxUsage},
      "current_usage":0,"expired_at":null,"total_amount":"10000.00","items":null,"whitelisted_payment_method":null,
      "redirect_url":null,${metadata === undefined ? '' : `"optional_metadata":${metadata},`}
      "created_at":"${created}","account":{"id":1}}`
  }
})

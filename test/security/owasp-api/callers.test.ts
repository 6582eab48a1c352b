import { exportSPKI, importJWK } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildGatewaySchema } from '../../../src/graphql/schema/build-schema.js'
import { resources } from '../../../src/resources/index.js'
import { claims, forge, sign } from '../../server/callers/tokens.js'
import { SAMPLE_ACCOUNT, sampleOperations } from '../../support/sample-operations.js'
import { type SignedGateway, startSignedGateway } from './signed-gateway.js'

/** The items of the OWASP API Security Top 10 (2023) that are about callers, each attacked over real sockets. */
let gateway: SignedGateway
let other: string
let linkId: string
beforeAll(async () => {
  gateway = await startSignedGateway()
  other = gateway.sandbox.accounts.map(({ id }) => id).find((id) => id !== SAMPLE_ACCOUNT) ?? ''
  linkId = String(gateway.sandbox.linksOf(SAMPLE_ACCOUNT)[0]?.id)
})
afterAll(() => gateway.stop())
beforeEach(() => gateway.sandbox.log.clear())

const BOTH = 'payment-links:read payment-links:write'
const LINK = () => `paymentLink(accountId: "${SAMPLE_ACCOUNT}", id: "${linkId}")`
const UPDATE = (fields: string) =>
  `mutation { updatePaymentLink(input: { accountId: "${SAMPLE_ACCOUNT}", id: "${linkId}", ${fields} }) { paymentLink { id } userErrors { code } } }`
const stored = () => gateway.sandbox.linksOf(SAMPLE_ACCOUNT).find(({ id }) => String(id) === linkId)
const LIST = (args = '') => `{ paymentLinks(accountId: "${SAMPLE_ACCOUNT}"${args}) { edges { cursor node { id } } } }`

function leavesOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [value]
}

describe('API1:2023 broken object level authorization', () => {
  it("every root field refuses another merchant's account, even when it is cached", async () => {
    const documents = sampleOperations(buildGatewaySchema(resources)).map(({ text }) => text)
    const owner = await gateway.tokenFor([SAMPLE_ACCOUNT], BOTH)
    const stranger = await gateway.tokenFor([other], BOTH)
    for (const query of documents) expect((await gateway.askAs(owner, query)).codes).toEqual([])
    const before = gateway.calls()
    for (const query of documents) {
      const { status, data, codes } = await gateway.askAs(stranger, query)
      expect([query, status, [...new Set(codes)]]).toEqual([query, 200, ['FORBIDDEN']])
      expect(leavesOf(data).filter((leaf) => leaf !== null)).toEqual([])
    }
    expect(gateway.calls()).toBe(before)
  })

  it('a cursor of another account grants no access', async () => {
    const page = await gateway.askAs(await gateway.tokenFor('*'), LIST(', first: 2'))
    const cursor = /"cursor":"([^"]+)"/.exec(page.text)?.[1]
    const stranger = await gateway.tokenFor([other])
    expect((await gateway.askAs(stranger, LIST(`, after: "${cursor}"`))).codes).toEqual(['FORBIDDEN'])
    const theirs = `{ paymentLinks(accountId: "${other}", after: "${cursor}") { edges { node { id } } } }`
    expect((await gateway.askAs(stranger, theirs)).codes).toEqual(['BAD_USER_INPUT'])
  })

  it('a link of another account is not found under an account that is granted', async () => {
    const stranger = await gateway.tokenFor([other])
    const { data, codes } = await gateway.askAs(
      stranger,
      `{ paymentLink(accountId: "${other}", id: "${linkId}") { id } }`,
    )
    expect([data, codes]).toEqual([{ paymentLink: null }, []])
  })
})

describe('API2:2023 broken authentication', () => {
  const seconds = () => Math.floor(Date.now() / 1000)
  const forgeries: readonly (readonly [string, () => Promise<string>])[] = [
    ['of the algorithm none', async () => forge({ alg: 'none', kid: 'first' }, claims(), 'AA')],
    [
      'signed by HMAC with the public key as its secret',
      async () => {
        const pem = await exportSPKI((await importJWK(gateway.key.jwk, 'RS256')) as never)
        return forge({ alg: 'HS256', kid: 'first' }, claims(), { secret: pem })
      },
    ],
    ['that has expired', () => sign(gateway.key, claims({ exp: seconds() - 60 }))],
    ['that never expires', () => sign(gateway.key, claims({ exp: undefined }))],
    ['that is not valid yet', () => sign(gateway.key, claims({ nbf: seconds() + 600 }))],
    ['for another audience', () => sign(gateway.key, claims({ aud: 'another-service' }))],
    ['of another issuer', () => sign(gateway.key, claims({ iss: 'https://evil.example/' }))],
    ...['../../../../dev/null', "' OR '1'='1", 'http://127.0.0.1:1/key', '__proto__', ''].map(
      (kid) =>
        [
          `with the key id ${JSON.stringify(kid)}`,
          async () => forge({ alg: 'HS256', kid }, claims(), { secret: '' }),
        ] as const,
    ),
    ['whose payload was changed', async () => swapPayload(await gateway.tokenFor([other]))],
    ['with a claim of another shape', () => sign(gateway.key, claims({ accounts: ['*'] }))],
  ]

  it.each(forgeries)('a token %s is refused', async (_what, make) => {
    const { status, codes, data } = await gateway.askAs(await make(), `{ ${LINK()} { id } }`)
    expect([status, codes, data]).toEqual([401, ['UNAUTHENTICATED'], undefined])
    expect(gateway.calls()).toBe(0)
  })

  function swapPayload(token: string): string {
    const [header, , signature] = token.split('.')
    return [header, Buffer.from(JSON.stringify(claims({ accounts: '*' }))).toString('base64url'), signature].join('.')
  }
})

describe('API3:2023 broken object property level authorization', () => {
  const FOREIGN = [
    'reffNo',
    'title',
    'totalAmount',
    'currentUsage',
    'items',
    'paymentDate',
    'account',
    'reff_no',
    'total_amount',
  ]

  it.each(FOREIGN)('an input with %s, which cannot be written, is refused', async (field) => {
    const token = await gateway.tokenFor([SAMPLE_ACCOUNT], BOTH)
    const mutation =
      'mutation ($input: UpdatePaymentLinkInput!) { updatePaymentLink(input: $input) { userErrors { code } } }'
    const input = { accountId: SAMPLE_ACCOUNT, id: linkId, maxUsage: 900, [field]: '1' }
    expect((await gateway.askAs(token, mutation, { input })).codes).toEqual(['BAD_USER_INPUT'])
    expect((await gateway.askAs(token, UPDATE(`${field}: "1"`))).codes).toEqual(['GRAPHQL_VALIDATION_FAILED'])
    expect(gateway.calls()).toBe(0)
  })

  it('metadata whose keys are named like fields changes only metadata', async () => {
    const token = await gateway.tokenFor([SAMPLE_ACCOUNT], BOTH)
    const before = stored()
    const metadata =
      '{ total_amount: 1, status: "closed", max_usage: 1, __proto__: { status: "closed" }, constructor: { prototype: { max_usage: 1 } } }'
    expect((await gateway.askAs(token, UPDATE(`optionalMetadata: ${metadata}`))).codes).toEqual([])
    const { body } = gateway.sandbox.log.entries.find(({ method }) => method === 'PUT') ?? {}
    expect(Object.keys(body as object).sort()).toEqual([
      'expired_at',
      'max_usage',
      'optional_metadata',
      'redirect_url',
      'required_customer_detail',
      'status',
      'whitelisted_payment_method',
    ])
    const after = stored()
    expect([after?.status, after?.maxUsage]).toEqual([before?.status, before?.maxUsage])
  })

  it('data that the schema does not have is never passed on from the upstream', async () => {
    gateway.sandbox.behaviour.change({ extraKeys: true })
    const token = await gateway.tokenFor([SAMPLE_ACCOUNT], BOTH)
    const everything = sampleOperations(buildGatewaySchema(resources)).find(
      ({ field }) => field === 'Query.paymentLinks',
    )
    const { text } = await gateway.askAs(token, everything?.text ?? '')
    gateway.sandbox.behaviour.reset()
    expect(text).toContain('reffNo')
    for (const extra of ['api v1', '__debug', 'customer_pays_fee', 'payment_link_type'])
      expect(text).not.toContain(extra)
    for (const field of ['customerPaysFee', 'source', '__debug', 'accountFacts', 'statusText']) {
      expect((await gateway.askAs(token, `{ ${LINK()} { ${field} } }`)).codes).toEqual(['GRAPHQL_VALIDATION_FAILED'])
    }
  })
})

describe('API5:2023 broken function level authorization', () => {
  it.each([
    ['read access', 'payment-links:read'],
    ['a scope that only looks like write access', 'payment-links:write-all Payment-Links:Write admin *'],
    ['no scope', ''],
  ])('%s does not allow a write', async (_what, scope) => {
    const { data, codes } = await gateway.askAs(await gateway.tokenFor('*', scope), UPDATE('maxUsage: 900'))
    expect([data, codes]).toEqual([{ updatePaymentLink: null }, ['FORBIDDEN']])
    expect(gateway.calls()).toBe(0)
  })

  it('write access does not allow a list, not even below the link that was written', async () => {
    const token = await gateway.tokenFor('*', 'payment-links:write')
    expect((await gateway.askAs(token, LIST())).codes).toEqual(['FORBIDDEN'])
    const nested = UPDATE('maxUsage: 900').replace('{ id }', '{ id account { paymentLinks { nodes { id } } } }')
    const { data, codes } = await gateway.askAs(token, nested)
    expect(codes).toEqual(['FORBIDDEN'])
    expect(data).toEqual({
      updatePaymentLink: { paymentLink: { id: linkId, account: { paymentLinks: null } }, userErrors: [] },
    })
  })

  it('a mutation is not run as a query or by GET', async () => {
    const token = await gateway.tokenFor('*', BOTH)
    const fields = UPDATE('maxUsage: 900').replace('mutation', '')
    expect((await gateway.askAs(token, `query ${fields}`)).codes).toEqual(['GRAPHQL_VALIDATION_FAILED'])
    const search = new URLSearchParams({ query: UPDATE('maxUsage: 900') })
    const headers = { authorization: `Bearer ${token}`, 'apollo-require-preflight': '1' }
    expect((await fetch(`${gateway.url}?${search}`, { headers })).status).toBe(405)
    expect(gateway.calls()).toBe(0)
  })
})

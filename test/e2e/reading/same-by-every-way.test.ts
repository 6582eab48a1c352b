import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type BehaviourChanges, startTestGateway, type TestGateway } from '../../support/gateway.js'
import { MAIN, MIDDLE } from './walking.js'

const LINK = `{
  id accountId reffNo title paymentUrl status statusComputed isExpired requiredCustomerDetail maxUsage currentUsage
  hasPayments expiredAt totalAmount currency items { name quantity unitPrice subtotal } whitelistedPaymentMethod redirectUrl
  optionalMetadata paymentDate createdAt updatedAt version account { id name email phone status }
}`

type Link = Readonly<Record<string, unknown>> & { readonly id: string }
type Way = (gateway: TestGateway, accountId: string, ids: readonly string[]) => Promise<Link[]>

async function askFor(gateway: TestGateway, query: string, variables: object = {}): Promise<Record<string, unknown>> {
  const { data, errors } = await gateway.request<Record<string, unknown>, object>(query, variables)
  expect(errors).toBeUndefined()
  return data ?? {}
}

const WAYS: Readonly<Record<string, Way>> = {
  paymentLink: async (gateway, accountId, ids) => {
    const fields = ids.map((id) => `l${id}: paymentLink(accountId: "${accountId}", id: "${id}") ${LINK}`)
    return Object.values(await askFor(gateway, `{ ${fields.join('\n')} }`)) as Link[]
  },
  paymentLinksByKeys: async (gateway, accountId, ids) => {
    const query = `query ($keys: [PaymentLinkKey!]!) { found: paymentLinksByKeys(keys: $keys) ${LINK} }`
    return (await askFor(gateway, query, { keys: ids.map((id) => ({ accountId, id })) }))['found'] as Link[]
  },
  _entities: async (gateway, accountId, ids) => {
    const query = `query ($of: [_Any!]!) { found: _entities(representations: $of) { ... on PaymentLink ${LINK} } }`
    const of = ids.map((id) => ({ __typename: 'PaymentLink', accountId, id }))
    return (await askFor(gateway, query, { of }))['found'] as Link[]
  },
  paymentLinks: async (gateway, accountId, ids) => {
    const pages = [0, 100, 200].map(
      (offset, n) => `p${n}: paymentLinks(accountId: $a, first: 100, offset: ${offset}) { nodes ${LINK} }`,
    )
    const found = (await askFor(gateway, `query ($a: ID!) { ${pages.join('\n')} }`, { a: accountId })) as Record<
      string,
      { nodes: Link[] }
    >
    const byId = new Map(Object.values(found).flatMap(({ nodes }) => nodes.map((link) => [link.id, link])))
    return ids.map((id) => byId.get(id) as Link)
  },
}

const UPSTREAMS: readonly BehaviourChanges[] = [
  {},
  { ignorePerPage: true },
  { ignorePerPage: true, pagination: 'absent' },
  { order: 'oldest', perPageMax: 50 },
  { showDialect: { metadata: 'present', figures: 'numbers', zone: 'micros' } },
  { listDialect: { metadata: 'absent', figures: 'text', zone: 'zoneless' }, showDialect: { metadata: 'present' } },
  { listDialect: { metadata: 'absent' } },
  { showDialect: { account: 'brief' }, emptyMap: 'list' },
]

it('gives a link as the same object whichever way it is read, next to any number of links', async () => {
  const property = fc.asyncProperty(
    fc.constantFrom(...UPSTREAMS),
    fc.constantFrom(MAIN, MIDDLE),
    fc.constantFrom('0', '60000'),
    fc.array(fc.tuple(fc.constantFrom(...Object.keys(WAYS)), fc.array(fc.nat(46), { minLength: 1, maxLength: 40 })), {
      minLength: 2,
      maxLength: 4,
    }),
    async (behaviour, accountId, ttl, questions) => {
      const gateway = await startTestGateway({ env: { CACHE_TTL_MS: ttl, MAX_UPSTREAM_CALLS: '2000' } })
      try {
        gateway.sandbox.behaviour.change(behaviour)
        const stored = gateway.sandbox.linksOf(accountId).map(({ id }) => String(id))
        const seen = new Map<string, Link>()
        for (const [way, picks] of questions) {
          // Every fourth link of the long account, every link of the other.
          const ids = [...new Set(picks)].map((pick) => stored[accountId === MAIN ? pick * 4 : pick] as string)
          for (const link of await (WAYS[way] as Way)(gateway, accountId, ids)) {
            expect({ way, ...link }).toEqual({ way, ...(seen.get(link.id) ?? link) })
            seen.set(link.id, link)
          }
        }
      } finally {
        await gateway.stop()
      }
    },
  )
  await fc.assert(property, { numRuns: 25 })
}, 60_000)

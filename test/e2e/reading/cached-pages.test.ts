import { describe, expect, it } from 'vitest'
import {
  type BehaviourChanges,
  startGatewayOver,
  startTestGateway,
  type TestGateway,
  type TestGatewayOptions,
} from '../../support/gateway.js'
import { MovedClock } from '../../support/with-upstream.js'
import { ACCOUNTS, credentialsOf, startTenantUpstream } from '../../tenants/tenant-upstream.js'
import { MAIN } from './walking.js'

// A cached page serves its links to reads by key as well: a link is not read again because it is read another way.

const FIELDS = '{ id title maxUsage optionalMetadata }'
const TTL_MS = 20_000

async function withGateway(
  run: (gateway: TestGateway) => Promise<void>,
  { app, env }: Pick<TestGatewayOptions, 'app' | 'env'> = {},
): Promise<void> {
  const gateway = await startTestGateway({ env: { CACHE_TTL_MS: String(TTL_MS), ...env }, ...(app ? { app } : {}) })
  try {
    await run(gateway)
  } finally {
    await gateway.stop()
  }
}

/** Runs an operation and returns its calls, without those for tokens. */
async function ask(gateway: TestGateway, query: string, variables: object = {}) {
  const { log } = gateway.sandbox
  log.clear()
  const { data, errors } = await gateway.request<Record<string, unknown>, object>(query, variables)
  expect(errors).toBeUndefined()
  return { links: Object.values(data ?? {}).flat(), calls: log.count() - log.count('token') }
}

type Way = (gateway: TestGateway, ids: readonly string[], fields?: string) => ReturnType<typeof ask>
const byReference: Way = (gateway, ids, fields = FIELDS) =>
  ask(gateway, `query ($of: [_Any!]!) { _entities(representations: $of) { ... on PaymentLink ${fields} } }`, {
    of: ids.map((id) => ({ __typename: 'PaymentLink', accountId: MAIN, id })),
  })
const byKeys: Way = (gateway, ids, fields = FIELDS) =>
  ask(gateway, `query ($keys: [PaymentLinkKey!]!) { paymentLinksByKeys(keys: $keys) ${fields} }`, {
    keys: ids.map((id) => ({ accountId: MAIN, id })),
  })
const byField: Way = (gateway, ids, fields = FIELDS) =>
  ask(gateway, `{ ${ids.map((id) => `l${id}: paymentLink(accountId: "${MAIN}", id: "${id}") ${fields}`).join(' ')} }`)
const WAYS: readonly Way[] = [byReference, byKeys, byField]

const idsOf = ({ sandbox }: TestGateway) => sandbox.linksOf(MAIN).map(({ id }) => String(id))
const scattered = (gateway: TestGateway, count: number) =>
  idsOf(gateway)
    .filter((_, index) => index % Math.floor(200 / count) === 1)
    .slice(0, count)

const UPSTREAMS: readonly [string, BehaviourChanges][] = [
  ['gives the pages it is asked for', {}],
  ['pages by 25 whatever is asked', { ignorePerPage: true }],
  ['pages by 25 and gives no pagination', { ignorePerPage: true, pagination: 'absent' }],
  ['gives no pagination', { pagination: 'absent' }],
  ['gives at most 50 rows', { perPageMax: 50 }],
]

describe('the same links again', () => {
  it.each(UPSTREAMS)(
    'takes no call for links read again while their responses are cached, over an upstream that %s',
    async (_name, behaviour) => {
      for (const way of WAYS) {
        for (const count of [1, 2, 3, 12, 40]) {
          await withGateway(async (gateway) => {
            gateway.sandbox.behaviour.change(behaviour)
            const ids = scattered(gateway, count)
            const first = await way(gateway, ids)
            expect(first.calls).toBeGreaterThan(0)
            for (const again of [way, way, ...WAYS]) {
              const { links, calls } = await again(gateway, ids)
              expect({ count, calls, links }).toEqual({ count, calls: 0, links: first.links })
            }
          })
        }
      }
    },
  )

  it.each(UPSTREAMS)('takes no call for links on a cached page, over an upstream that %s', async (_name, behaviour) => {
    for (const first of [25, 100]) {
      await withGateway(async (gateway) => {
        gateway.sandbox.behaviour.change(behaviour)
        const page = await ask(gateway, `{ paymentLinks(accountId: "${MAIN}", first: ${first}) { nodes ${FIELDS} } }`)
        const [{ nodes }] = page.links as [{ nodes: { id: string }[] }]
        for (const count of [1, 2, 3, first]) {
          const wanted = nodes.slice(-count)
          const { links, calls } = await byReference(
            gateway,
            wanted.map(({ id }) => id),
          )
          expect({ count, calls, links }).toEqual({ count, calls: 0, links: wanted })
        }
      })
    }
  })

  it('takes calls only for links that are not cached', async () => {
    await withGateway(async (gateway) => {
      const ids = idsOf(gateway)
      await ask(gateway, `{ paymentLinks(accountId: "${MAIN}", first: 100) { totalCount } }`)
      const { calls } = await byKeys(gateway, [...ids.slice(0, 60), ...ids.slice(150, 152)], '{ id }')
      expect(calls).toBe(1)
      const single = await byKeys(gateway, [...ids.slice(0, 60), ids[199] ?? ''], '{ id }')
      expect(single.calls).toBe(0)
    })
  })
})

describe('rows of a cached page', () => {
  const page = `{ paymentLinks(accountId: "${MAIN}", first: 25) { nodes { id title } } }`

  it('serves rows of a cached page no longer than a cached single read', async () => {
    const clock = new MovedClock()
    await withGateway(
      async (gateway) => {
        const [id = ''] = idsOf(gateway)
        await ask(gateway, page)
        gateway.sandbox.patchLink(MAIN, Number(id), { title: 'Another' })
        clock.move(TTL_MS - 5_000)
        expect(await byField(gateway, [id], '{ title }')).not.toMatchObject({ links: [{ title: 'Another' }] })
        clock.move(5_000)
        expect(await byField(gateway, [id], '{ title }')).toEqual({ links: [{ title: 'Another' }], calls: 1 })
      },
      { app: { clock } },
    )
  })

  it('drops a cached page when a link on it expires by the clock', async () => {
    const clock = new MovedClock()
    await withGateway(
      async (gateway) => {
        const soon = gateway.sandbox.insertLink({ accountId: MAIN, status: 'open', expiredAtMs: clock.now() + 5_000 })
        await ask(gateway, page)
        const status = () => byField(gateway, [String(soon.id)], '{ statusComputed isExpired }')
        expect(await status()).toEqual({ links: [{ statusComputed: 'OPEN', isExpired: false }], calls: 0 })
        clock.move(6_000)
        expect((await status()).calls).toBe(1)
      },
      { app: { clock } },
    )
  })

  it('drops a cached page after a write to a link on it', async () => {
    await withGateway(async (gateway) => {
      const made = gateway.sandbox.insertLink({ accountId: MAIN, status: 'open', maxUsage: 10, whitelist: null })
      const id = String(made.id)
      await ask(gateway, page)
      await ask(
        gateway,
        `mutation { updatePaymentLink(input: { accountId: "${MAIN}", id: "${id}", maxUsage: 44 }) { userErrors { code } } }`,
      )
      for (const way of WAYS) {
        expect((await way(gateway, [id], '{ maxUsage }')).links).toEqual([{ maxUsage: 44 }])
      }
    })
  })

  it('prefers a newer single read over a cached page, as after a STALE update', async () => {
    await withGateway(async (gateway) => {
      const made = gateway.sandbox.insertLink({ accountId: MAIN, status: 'open', maxUsage: 10, whitelist: null })
      const id = String(made.id)
      await ask(gateway, page)
      gateway.sandbox.patchLink(MAIN, made.id, { maxUsage: 20 })
      const update = `updatePaymentLink(input: { accountId: "${MAIN}", id: "${id}", maxUsage: 44, expectedVersion: "old" })`
      const { links } = await ask(gateway, `mutation { ${update} { userErrors { code } paymentLink { maxUsage } } }`)
      expect(links).toMatchObject([{ userErrors: [{ code: 'STALE' }], paymentLink: { maxUsage: 20 } }])
      for (const way of WAYS) expect((await way(gateway, [id], '{ maxUsage }')).links).toEqual([{ maxUsage: 20 }])
    })
  })

  it('looks up no page when the cache is off', async () => {
    await withGateway(
      async (gateway) => {
        const [id = ''] = idsOf(gateway)
        await ask(gateway, page)
        expect((await byField(gateway, [id], '{ title }')).calls).toBe(1)
      },
      { env: { CACHE_TTL_MS: '0' } },
    )
  })

  it('does not give cached rows to another credential', async () => {
    const upstream = await startTenantUpstream(2)
    const gateway = await startGatewayOver(upstream.url, { AUTH_MODE: 'passthrough', CACHE_TTL_MS: String(TTL_MS) })
    const asTenant = async (tenant: number, query: string) => {
      const headers = { 'content-type': 'application/json', ...credentialsOf(tenant) }
      const before = upstream.calls()
      const response = await fetch(gateway.url, { method: 'POST', headers, body: JSON.stringify({ query }) })
      return { text: await response.text(), calls: upstream.calls() - before }
    }
    try {
      const single = `{ paymentLink(accountId: "${ACCOUNTS[0]}", id: "101") { title } }`
      const { text } = await asTenant(0, `{ paymentLinks(accountId: "${ACCOUNTS[0]}") { nodes { id title } } }`)
      expect(text).toContain('"101"')
      expect(await asTenant(0, single)).toEqual({ text: expect.stringContaining('canary-0.'), calls: 0 })
      expect(await asTenant(1, single)).toEqual({ text: expect.stringContaining('canary-1.'), calls: 1 })
    } finally {
      await gateway.stop()
      await upstream.stop()
    }
  })
})

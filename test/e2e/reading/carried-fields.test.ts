import { describe, expect, it } from 'vitest'
import { UpdatePaymentLinkDocument } from '../../../src/client/graphql.js'
import type { LinkRecord } from '../../../src/resources/payment-link/sandbox/records.js'
import { type BehaviourChanges, gatewayOfFile, startTestGateway } from '../../support/gateway.js'
import { dataOf, LINK_READS } from './link-reads.js'
import { MAIN, SMALL } from './walking.js'

/*
 * A single read carries no metadata [seed:show]; the row in the list does. A query must return the same metadata whichever way
 * it reads the link, and next to any number of other links.
 */

const gateway = gatewayOfFile()

type Metadata = { readonly id: string; readonly optionalMetadata: unknown } | null
const FIELDS = '{ id optionalMetadata }'

/** The link is the first of so many that are read. */
const WAYS = Object.entries(LINK_READS).flatMap(([name, read]) =>
  (name === 'paymentLinks' ? [1] : [1, 2, 3, 40]).map((count) => ({ name, count, read })),
)

/** What lists and single reads of an upstream carry, and whether metadata can be read at all. */
const UPSTREAMS: readonly [string, BehaviourChanges, 'known' | 'nowhere'][] = [
  ['the single read lacks it', {}, 'known'],
  ['both reads carry it', { showDialect: { metadata: 'present' } }, 'known'],
  ['the list lacks it', { listDialect: { metadata: 'absent' }, showDialect: { metadata: 'present' } }, 'known'],
  ['no read carries it', { listDialect: { metadata: 'absent' } }, 'nowhere'],
  ['pages are of 25 whatever is asked', { ignorePerPage: true }, 'known'],
  ['pages are of 25 and have no pagination', { ignorePerPage: true, pagination: 'absent' }, 'known'],
  ['the list is oldest first', { order: 'oldest', pagination: 'absent' }, 'known'],
  ['an empty map is a list', { emptyMap: 'list' }, 'known'],
]

describe('metadata of one link', () => {
  for (const [name, behaviour, where] of UPSTREAMS) {
    it(`returns the same metadata whichever way it is read, next to any number of links, where ${name}`, async () => {
      // Hints that one way leaves must not decide how the next one reads.
      for (const { name: way, count, read } of WAYS) {
        const fresh = await startTestGateway({ env: { MAX_UPSTREAM_CALLS: '2000' } })
        try {
          fresh.sandbox.behaviour.change(behaviour)
          const links = fresh.sandbox.linksOf(MAIN)
          for (const index of [0, 130]) {
            const others = links.filter((_, other) => other !== index && other % 5 === 0)
            const ids = [links[index] as LinkRecord, ...others].slice(0, count).map(({ id }) => String(id))
            const metadata = index === 0 ? {} : { invoice: 'I-1', nested: { of: [1, null] } }
            fresh.sandbox.patchLink(MAIN, Number(ids[0]), { metadata })
            const expected = { id: ids[0], optionalMetadata: where === 'known' ? metadata : null }
            const [link] = await read(fresh, MAIN, ids, FIELDS)
            expect({ way, count, index, ...link }).toEqual({ way, count, index, ...expected })
          }
        } finally {
          await fresh.stop()
        }
      }
    })
  }
})

/** Calls other than those for tokens. */
function callsMade(): { lists: number; shows: number } {
  const { log } = gateway.sandbox
  return { lists: log.count('list'), shows: log.count('show') }
}

describe('the calls for metadata', () => {
  it('takes no call for metadata that is not selected', async () => {
    const [link] = gateway.sandbox.linksOf(MAIN)
    await dataOf(gateway, `{ paymentLink(accountId: "${MAIN}", id: "${link?.id}") { id title version } }`)
    expect(callsMade()).toEqual({ lists: 0, shows: 1 })
  })

  it('takes no calls for the metadata of eighty links beyond the pages it reads anyway', async () => {
    const ids = gateway.sandbox.linksOf(MAIN).map(({ id }) => String(id))
    await LINK_READS.paymentLinksByKeys(gateway, MAIN, ids.slice(60, 140), FIELDS)
    expect(callsMade()).toEqual({ lists: 2, shows: 0 })
  })

  it('takes one page besides the single read for the metadata of a link on that page', async () => {
    const id = String(gateway.sandbox.linksOf(MAIN)[9]?.id)
    const { paymentLink, paymentLinksByKeys, _entities } = LINK_READS
    for (const read of [paymentLink, paymentLinksByKeys, _entities]) {
      gateway.sandbox.log.clear()
      await read(gateway, MAIN, [id], FIELDS)
      expect(callsMade().shows).toBe(1)
      expect(callsMade().lists).toBeLessThanOrEqual(2)
    }
  })

  it('reads pages alone for the metadata of links whose searches would take more calls', async () => {
    const over = await startTestGateway()
    try {
      over.sandbox.behaviour.change({ ignorePerPage: true })
      const ids = over.sandbox.linksOf(MAIN).map(({ id }) => String(id))
      const scattered = [3, 60, 110, 140, 190].map((index) => ids[index] ?? '')
      // Leaves the hint that the list has 8 pages.
      await LINK_READS.paymentLinks(over, MAIN, ids, FIELDS)
      over.sandbox.log.clear()
      await LINK_READS.paymentLinksByKeys(over, MAIN, scattered, FIELDS)
      expect([over.sandbox.log.count('show'), over.sandbox.log.count('list')]).toEqual([0, 8])
    } finally {
      await over.stop()
    }
  })

  it.each([
    ['a fragment leaves it out', `... @include(if: false) { optionalMetadata }`],
    ['a variable leaves it out', 'optionalMetadata @skip(if: $no)'],
    ['it is asked of other links', `account { paymentLinks(first: 1) @skip(if: $no) { nodes { optionalMetadata } } }`],
  ])('takes no call for metadata where %s', async (_name, fields) => {
    const id = String(gateway.sandbox.linksOf(MAIN)[9]?.id)
    const query = `query ($no: Boolean = true) { paymentLink(accountId: "${MAIN}", id: "${id}") { id title @skip(if: $no) ${fields} } }`
    await dataOf(gateway, query)
    expect(callsMade()).toEqual({ lists: 0, shows: 1 })
  })

  it('takes one page for the metadata of all links of a short account', async () => {
    const ids = gateway.sandbox.linksOf(SMALL).map(({ id }) => String(id))
    await LINK_READS.paymentLink(gateway, SMALL, ids.slice(0, 2), FIELDS)
    expect(callsMade().lists).toBe(1)
  })

  it('finds metadata on a page that the request reads anyway', async () => {
    const ids = gateway.sandbox.linksOf(MAIN).map(({ id }) => String(id))
    const page = `paymentLinks(accountId: "${MAIN}", first: 25) { nodes { id } }`
    await dataOf(gateway, `{ one: paymentLink(accountId: "${MAIN}", id: "${ids[4]}") ${FIELDS} ${page} }`)
    expect(callsMade()).toEqual({ lists: 1, shows: 0 })
  })

  it('reads one link of an account singly for metadata that no read carries, however late another account responds', async () => {
    const { sandbox } = gateway
    sandbox.behaviour.change({ listDialect: { metadata: 'absent' } })
    const [[one, ...others], [late]] = [sandbox.linksOf(MAIN), sandbox.linksOf(SMALL)]
    const remove = sandbox.beforeResponse(async ({ accountId }) => {
      if (accountId === SMALL) await new Promise((resolve) => setTimeout(resolve, 100))
    })
    const keys = [...others.slice(0, 8), late].map((link) => `{ accountId: "${link?.accountId}", id: "${link?.id}" }`)
    await dataOf(
      gateway,
      `{ one: paymentLink(accountId: "${MAIN}", id: "${one?.id}") ${FIELDS} paymentLinksByKeys(keys: [${keys}]) ${FIELDS} }`,
    )
    remove()
    expect(callsMade().shows).toBe(2)
  })

  it('takes few pages for the metadata of one link of a long account', async () => {
    const { sandbox } = gateway
    sandbox.behaviour.change({ ignorePerPage: true, perPageDefault: 10 })
    const ids = sandbox.linksOf(MAIN).map(({ id }) => String(id))
    const [link] = await LINK_READS.paymentLink(gateway, MAIN, ids.slice(113, 114), FIELDS)
    expect(link?.['optionalMetadata']).not.toBeNull()
    expect(callsMade().lists).toBeLessThanOrEqual(9)
    sandbox.log.clear()
    await LINK_READS.paymentLink(gateway, MAIN, ids.slice(114, 115), FIELDS)
    expect(callsMade().shows).toBeLessThanOrEqual(1)
    expect(callsMade().lists).toBeLessThanOrEqual(9)
  })
})

describe('metadata in the payload of an update', () => {
  const input = (link: LinkRecord, changes: object) => ({
    input: { accountId: MAIN, id: String(link.id), ...changes },
  })

  it.each([
    ['refused', { optionalMetadata: { new: 1 }, expectedVersion: 'another' }, 'STALE'],
    ['without a change', {}, undefined],
    ['applied', { maxUsage: 700 }, undefined],
  ])('returns the metadata of the list in the payload where the update is %s', async (_name, changes, code) => {
    const metadata = { invoice: 'I-2' }
    const link = gateway.sandbox.insertLink({
      accountId: MAIN,
      status: 'open',
      maxUsage: 10,
      whitelist: null,
      metadata,
    })
    gateway.sandbox.behaviour.change({ updateDialect: { metadata: 'absent' } })
    const { data, errors } = await gateway.request(UpdatePaymentLinkDocument, input(link, changes) as never)
    expect(errors).toBeUndefined()
    expect(data?.updatePaymentLink?.userErrors.map((error) => error.code)).toEqual(code === undefined ? [] : [code])
    expect(data?.updatePaymentLink?.paymentLink?.optionalMetadata).toEqual(metadata)
  })
})

describe('metadata that is not found', () => {
  const ask = (id: string, accountId = MAIN) =>
    gateway.request<{ one: Metadata }, never>(`{ one: paymentLink(accountId: "${accountId}", id: "${id}") ${FIELDS} }`)

  it('returns an error, not null, for metadata of a link that the list leaves out', async () => {
    const [hidden] = gateway.sandbox.linksOf(SMALL)
    const id = String(hidden?.id)
    gateway.sandbox.setLinkRaw(SMALL, Number(id), { set: { id: 999_999_991 }, in: ['list'] })
    const responses = [await ask(id, SMALL), await ask(id, SMALL)]
    gateway.sandbox.setLinkRaw(SMALL, Number(id), null)
    for (const { data, errors } of responses) {
      expect(data).toEqual({ one: { id, optionalMetadata: null } })
      expect(errors).toMatchObject([
        {
          path: ['one', 'optionalMetadata'],
          message: expect.stringContaining('list'),
          extensions: { code: 'UPSTREAM_MALFORMED' },
        },
      ])
    }
  })

  it("returns the list's error for metadata when the list cannot be read", async () => {
    const id = String(gateway.sandbox.linksOf(MAIN)[3]?.id)
    gateway.sandbox.faults.add({ kind: 'json-500', operation: 'list' })
    const { data, errors } = await ask(id)
    expect(data).toEqual({ one: { id, optionalMetadata: null } })
    expect(errors).toMatchObject([{ path: ['one', 'optionalMetadata'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }])
  })

  it('looks for metadata past a cached page that is older than the link', async () => {
    const keeping = await startTestGateway({ env: { CACHE_TTL_MS: '60000' } })
    try {
      await LINK_READS.paymentLinks(keeping, MAIN, [], FIELDS)
      const made = keeping.sandbox.insertLink({ accountId: MAIN, metadata: { made: 'since' } })
      const [found] = await LINK_READS.paymentLink(keeping, MAIN, [String(made.id)], FIELDS)
      expect(found?.['optionalMetadata']).toEqual({ made: 'since' })
    } finally {
      await keeping.stop()
    }
  })
})

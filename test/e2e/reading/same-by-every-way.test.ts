import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type BehaviourChanges, startTestGateway } from '../../support/gateway.js'
import { selectionOf } from '../../support/sample-operations.js'
import { servedSchema } from '../../support/static-cost.js'
import { LINK_READS, type ReadLink } from './link-reads.js'
import { MAIN, MIDDLE } from './walking.js'

const LINK = selectionOf(servedSchema.getType('PaymentLink'), 1)

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

it('returns a link as the same object whichever way it is read, next to any number of links', async () => {
  const property = fc.asyncProperty(
    fc.constantFrom(...UPSTREAMS),
    fc.constantFrom(MAIN, MIDDLE),
    fc.constantFrom('0', '60000'),
    fc.array(
      fc.tuple(fc.constantFrom(...Object.entries(LINK_READS)), fc.array(fc.nat(46), { minLength: 1, maxLength: 40 })),
      {
        minLength: 2,
        maxLength: 4,
      },
    ),
    async (behaviour, accountId, ttl, reads) => {
      const gateway = await startTestGateway({ env: { CACHE_TTL_MS: ttl, MAX_UPSTREAM_CALLS: '2000' } })
      try {
        gateway.sandbox.behaviour.change(behaviour)
        const stored = gateway.sandbox.linksOf(accountId).map(({ id }) => String(id))
        const seen = new Map<string, ReadLink>()
        for (const [[way, read], picks] of reads) {
          // Every fourth link of the long account, every link of the other.
          const ids = [...new Set(picks)].map((pick) => stored[accountId === MAIN ? pick * 4 : pick] as string)
          for (const link of await read(gateway, accountId, ids, LINK)) {
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

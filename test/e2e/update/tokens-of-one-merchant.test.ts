import { print } from 'graphql'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { UpdatePaymentLinkDocument, type UpdatePaymentLinkMutation } from '../../../src/client/graphql.js'
import type { LinkRecord } from '../../../src/resources/payment-link/sandbox/records.js'
import { type GatewayResponse, startGatewayOver, startTestGateway, type TestGateway } from '../../support/gateway.js'
import { gate } from '../../support/with-upstream.js'
import { type Changes, codeOf, payloadOf, plant, puts, stored, updatedOf } from './updating.js'

let gateway: TestGateway
let tokens: readonly string[]
beforeAll(async () => {
  gateway = await startTestGateway({ env: { AUTH_MODE: 'passthrough' } })
  tokens = await Promise.all([1, 2].map(newToken))
  expect(new Set(tokens).size).toBe(2)
})
afterAll(() => gateway.stop())
beforeEach(() => {
  gateway.sandbox.faults.clear()
  gateway.sandbox.log.clear()
})

/** Another token of the same merchant each time, as two programs of theirs would have. */
async function newToken(): Promise<string> {
  const { apiKey, clientId, clientSecret } = gateway.sandbox.credentials
  const response = await fetch(`${gateway.sandbox.url}/api/v1.0/access-token/b2b`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'x-partner-id': apiKey,
    },
    body: JSON.stringify({ grant_type: 'client_credentials' }),
  })
  return ((await response.json()) as { data: { access_token: string } }).data.access_token
}

async function updateAs(
  token: string | undefined,
  link: LinkRecord,
  changes: Changes,
  url = gateway.url,
): Promise<GatewayResponse<UpdatePaymentLinkMutation>> {
  const input = { accountId: link.accountId, id: String(link.id), ...changes }
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'x-partner-id': gateway.sandbox.credentials.apiKey,
    },
    body: JSON.stringify({ query: print(UpdatePaymentLinkDocument), variables: { input } }),
  })
  const text = await response.text()
  const { data, errors } = JSON.parse(text) as GatewayResponse<UpdatePaymentLinkMutation>
  return { data, errors, status: response.status, text }
}

/** Holds the first call of an operation before it is carried out. */
function holdFirst(operation: string): { readonly arrived: Promise<void>; readonly letGo: () => void } {
  const [arrived, held] = [gate(), gate()]
  const remove = gateway.sandbox.beforeResponse((call) => {
    if (call.operation !== operation) return
    remove()
    arrived.open()
    return held.opened
  })
  return { arrived: arrived.opened, letGo: held.open }
}

const ROUNDS = Array.from({ length: 20 }, (_, round) => round)

describe('two tokens of one merchant', () => {
  it('of two tokens of one merchant that expect the same version, one writes and the other is STALE, every time', async () => {
    for (const round of ROUNDS) {
      const link = plant(gateway)
      const { version } = updatedOf(await updateAs(tokens[0], link, {}))
      const payloads = (
        await Promise.all(
          tokens.map((token, index) =>
            updateAs(token, link, { maxUsage: 100 + 2 * round + index, expectedVersion: version }),
          ),
        )
      ).map(payloadOf)
      expect(payloads.map(({ userErrors }) => userErrors.map(({ code }) => code)).sort()).toEqual([[], ['STALE']])
      for (const { paymentLink } of payloads) expect(paymentLink?.maxUsage).toBe(stored(gateway, link).maxUsage)
    }
    expect(puts(gateway)).toHaveLength(ROUNDS.length)
  })

  it("two tokens of one merchant lose none of each other's changes", async () => {
    for (const round of ROUNDS) {
      const link = plant(gateway)
      const changes: readonly Changes[] = [{ maxUsage: 100 + round }, { redirectUrl: `https://a.example.com/${round}` }]
      await Promise.all(
        tokens.flatMap((token, index) =>
          [index, 1 - index].map(async (which) => updatedOf(await updateAs(token, link, changes[which] ?? {}))),
        ),
      )
      expect(stored(gateway, link)).toMatchObject({ ...changes[0], ...changes[1], metadata: link.metadata })
    }
    expect(gateway.sandbox.log.peakConcurrency('update')).toBe(1)
  })

  it('an update reads again when another token wrote after its read, though it never waited for the lock', async () => {
    const link = plant(gateway)
    const list = holdFirst('list')
    const slow = updateAs(tokens[0], link, { redirectUrl: null })
    await list.arrived
    updatedOf(await updateAs(tokens[1], link, { maxUsage: 99, optionalMetadata: { by: 'the other' } }))
    list.letGo()
    expect(updatedOf(await slow)).toMatchObject({ maxUsage: 99, redirectUrl: null })
    expect(stored(gateway, link)).toMatchObject({ maxUsage: 99, redirectUrl: null, metadata: { by: 'the other' } })
  })

  it('a token that cannot get the lock in time sends nothing and gets WRITE_BUSY', async () => {
    const hurried = await startGatewayOver(gateway.sandbox.url, {
      AUTH_MODE: 'passthrough',
      REQUEST_TIMEOUT_MS: '1000',
    })
    const link = plant(gateway)
    const write = holdFirst('update')
    try {
      const first = updateAs(tokens[0], link, { maxUsage: 50 }, hurried.url)
      await write.arrived
      expect(codeOf(await updateAs(tokens[1], link, { maxUsage: 51 }, hurried.url))).toBe('WRITE_BUSY')
      expect(codeOf(await first)).toBe('UPSTREAM_OUTCOME_UNKNOWN')
      expect(puts(gateway)).toHaveLength(1)
    } finally {
      write.letGo()
      await hurried.stop()
    }
    expect(stored(gateway, link).maxUsage).toBe(50)
  })
})

describe('a made-up token', () => {
  it('a made-up token blocks nobody while it is being checked', async () => {
    const link = plant(gateway)
    const read = holdFirst('show')
    const stranger = updateAs('made-up', link, { maxUsage: 66 })
    await read.arrived
    expect(updatedOf(await updateAs(tokens[0], link, { maxUsage: 55 })).maxUsage).toBe(55)
    read.letGo()
    expect(codeOf(await stranger)).toBe('UNAUTHENTICATED')
    expect(stored(gateway, link).maxUsage).toBe(55)
  })

  it('a made-up token blocks nobody, however often it is sent', async () => {
    const link = plant(gateway)
    let isOver = false
    const hammer = async (name: number): Promise<void> => {
      for (let nth = 0; !isOver; nth += 1) {
        expect(codeOf(await updateAs(`made-up-${name}-${nth}`, link, { maxUsage: 66 }))).toBe('UNAUTHENTICATED')
      }
    }
    const hammers = [1, 2, 3, 4].map(hammer)
    for (const step of [1, 2, 3, 4, 5]) {
      const token = tokens[step % 2]
      expect(updatedOf(await updateAs(token, link, { maxUsage: 200 + step })).maxUsage).toBe(200 + step)
    }
    isOver = true
    await Promise.all(hammers)
    expect(puts(gateway)).toHaveLength(5)
  })
})

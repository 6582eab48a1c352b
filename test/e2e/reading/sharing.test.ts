import { request as httpRequest } from 'node:http'
import { describe, expect, it } from 'vitest'
import { PaymentLinkDocument, PaymentLinksDocument } from '../../../src/client/graphql.js'
import { gatewayOfFile, startTestGateway } from '../../support/gateway.js'
import { gate, MovedClock, until } from '../../support/with-upstream.js'
import { MAIN, MIDDLE, SMALL, storedIds } from './walking.js'

// Longer than the tests take, so that nothing leaves the cache on a busy machine.
const gateway = gatewayOfFile({ env: { CACHE_TTL_MS: '600000' } })

const reads = () => gateway.sandbox.log.count('list') + gateway.sandbox.log.count('show')

describe('one response for several requests', () => {
  it('takes no second call while a response is cached', async () => {
    const [id] = storedIds(gateway, MIDDLE)
    gateway.sandbox.log.clear()
    const first = await gateway.request(PaymentLinkDocument, { accountId: MIDDLE, id: id as string })
    const page = await gateway.request(PaymentLinksDocument, { accountId: MIDDLE, first: 25 })
    expect(reads()).toBe(2)
    expect((await gateway.request(PaymentLinkDocument, { accountId: MIDDLE, id: id as string })).data).toEqual(
      first.data,
    )
    expect((await gateway.request(PaymentLinksDocument, { accountId: MIDDLE, first: 25 })).data).toEqual(page.data)
    expect(reads()).toBe(2)
  })

  it('calls again once a cached response has expired', async () => {
    const clock = new MovedClock()
    const {
      request: requestGateway,
      sandbox,
      stop,
    } = await startTestGateway({
      env: { CACHE_TTL_MS: '600000' },
      app: { clock },
    })
    try {
      const id = String(sandbox.linksOf(MIDDLE)[1]?.id)
      const titleOf = async () =>
        (await requestGateway(PaymentLinkDocument, { accountId: MIDDLE, id })).data?.paymentLink?.title
      const before = await titleOf()
      sandbox.patchLink(MIDDLE, Number(id), { title: 'Changed by another client' })
      expect(await titleOf()).toBe(before)
      clock.move(600_000)
      expect(await titleOf()).toBe('Changed by another client')
    } finally {
      await stop()
    }
  })

  it('takes one call for two requests at once, for links and pages alike', async () => {
    const held = gate()
    const remove = gateway.sandbox.beforeResponse(() => held.opened)
    const [, , id] = storedIds(gateway, SMALL)
    gateway.sandbox.log.clear()
    const asking = Promise.all([
      gateway.request(PaymentLinkDocument, { accountId: SMALL, id: id as string }),
      gateway.request(PaymentLinkDocument, { accountId: SMALL, id: id as string }),
      gateway.request(PaymentLinksDocument, { accountId: SMALL, first: 25 }),
      gateway.request(PaymentLinksDocument, { accountId: SMALL, first: 25 }),
    ])
    await until(() => reads() >= 2)
    await settled()
    held.open()
    const responses = await asking
    remove()
    expect(responses.map(({ errors }) => errors)).toEqual([undefined, undefined, undefined, undefined])
    expect(responses[0]?.data).toEqual(responses[1]?.data)
    expect(responses[2]?.data).toEqual(responses[3]?.data)
    expect(reads()).toBe(2)
  })

  it.each(['link', 'page'])('does not cache a response past the moment at which a link expires: %s', async (kind) => {
    const { request: requestGateway, sandbox, stop } = await startTestGateway({ env: { CACHE_TTL_MS: '60000' } })
    try {
      const expiredAtMs = Math.ceil(Date.now() / 1000) * 1000 + 2000
      const id = String(sandbox.insertLink({ accountId: SMALL, expiredAtMs }).id)
      const ask = async () => {
        if (kind === 'link')
          return (await requestGateway(PaymentLinkDocument, { accountId: SMALL, id })).data?.paymentLink
        const { data } = await requestGateway(PaymentLinksDocument, { accountId: SMALL, last: 25 })
        return data?.paymentLinks?.edges.find((edge) => edge?.node?.id === id)?.node
      }
      expect(await ask()).toMatchObject({ status: 'OPEN', statusComputed: 'OPEN', isExpired: false })
      while (Date.now() < expiredAtMs) await new Promise((resolve) => setTimeout(resolve, 20))
      expect(await ask()).toMatchObject({ status: 'OPEN', statusComputed: 'EXPIRED', isExpired: true })
    } finally {
      await stop()
    }
  })
})

describe('a client that leaves', () => {
  it('aborts a read when the only client waiting for it leaves', async () => {
    const { sandbox } = gateway
    sandbox.faults.add({ kind: 'hang', operation: 'show' })
    const id = storedIds(gateway, MAIN)[9] as string
    sandbox.log.clear()
    const leaving = post(`{ paymentLink(accountId: "${MAIN}", id: "${id}") { id } }`)
    await until(() => sandbox.log.count('show') === 1)
    expect(sandbox.log.entries.at(-1)?.endedAtMs).toBeNull()
    leaving.destroy()
    await until(() => sandbox.log.entries.at(-1)?.endedAtMs !== null)
    expect(sandbox.log.entries.at(-1)).toMatchObject({ operation: 'show', status: null, fault: 'hang' })
    expect(sandbox.log.count('show')).toBe(1)
  })

  it('does not abort a shared read when one of its clients leaves', async () => {
    const { sandbox } = gateway
    const held = gate()
    sandbox.log.clear()
    const remove = sandbox.beforeResponse(({ operation }) => (operation === 'list' ? held.opened : Promise.resolve()))
    const query = `{ paymentLinks(accountId: "${MAIN}", first: 3, offset: 50) { nodes { id } } }`
    const leaving = post(query)
    await until(() => sandbox.log.count('list') === 1)
    const staying = gateway.request<{ paymentLinks: { nodes: unknown[] } }, never>(query)
    await settled()
    leaving.destroy()
    await settled()
    held.open()
    const { data, errors } = await staying
    remove()
    expect(errors).toBeUndefined()
    expect(data?.paymentLinks.nodes).toHaveLength(3)
    expect(sandbox.log.count('list')).toBe(1)
  })
})

/** Once later requests have had their responses one after another, what was sent before has reached the gateway. */
async function settled(): Promise<void> {
  for (let n = 0; n < 5; n += 1) await fetch(new URL('/health/live', gateway.url))
}

/** A request whose connection can be cut. */
function post(query: string) {
  const request = httpRequest(gateway.url, { method: 'POST', headers: { 'content-type': 'application/json' } })
  request.on('error', () => {})
  request.end(JSON.stringify({ query }))
  return request
}

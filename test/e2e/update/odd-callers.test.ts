import { expect, it } from 'vitest'
import { openClient, queryText, type RawClient } from '../../server/sockets/raw-client.js'
import { gatewayOfFile } from '../../support/gateway.js'
import { gate } from '../../support/with-upstream.js'
import { ACCOUNT, plant, puts, stored } from './updating.js'

const gateway = gatewayOfFile()

it.each<[what: string, behave: (client: RawClient) => unknown]>([
  ['sends a byte that is no request', ({ socket }) => socket.write('\0')],
  ['begins another request and breaks it off', ({ socket }) => socket.end('GET /health/li')],
  ['finishes sending', ({ socket }) => socket.end()],
])('a caller who %s during a write gets its result', async (_what, behave) => {
  const link = plant(gateway)
  const held = gate()
  const remove = gateway.sandbox.beforeResponse(({ operation }) =>
    operation === 'update' ? held.opened : Promise.resolve(),
  )
  const client = openClient(Number(new URL(gateway.url).port))
  try {
    const input = `{ accountId: "${ACCOUNT}", id: "${link.id}", maxUsage: 77 }`
    const changed = `updatePaymentLink(input: ${input}) { paymentLink { maxUsage } userErrors { code } }`
    client.socket.write(queryText(`mutation { ${changed} }`))
    await expect.poll(() => puts(gateway).length || gateway.sandbox.log.count('update')).toBe(1)
    behave(client)
    await fetch(gateway.url.replace('graphql', 'health/live'))
    expect(client.statuses()).toEqual([])
  } finally {
    held.open()
    remove()
  }
  await client.closed
  expect(client.statuses()).toEqual([200])
  expect(client.text()).toContain('{"paymentLink":{"maxUsage":77},"userErrors":[]}')
  expect(stored(gateway, link).maxUsage).toBe(77)
})

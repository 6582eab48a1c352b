import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type KeyServer, makeKey, type SigningKey, startKeyServer } from '../server/callers/key-server.js'
import { AUDIENCE, claims, ISSUER, sign } from '../server/callers/tokens.js'
import { startTestGateway, type TestGateway } from '../support/gateway.js'

let gateway: TestGateway
let keys: KeyServer
let key: SigningKey
beforeAll(async () => {
  key = await makeKey('first')
  keys = await startKeyServer([key.jwk])
  const env = { AUTH_MODE: 'jwt', JWT_JWKS_URL: keys.url, JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE }
  const times = { UPSTREAM_TIMEOUT_MS: '20000', REQUEST_TIMEOUT_MS: '25000' }
  gateway = await startTestGateway({ env: { ...env, ...times } })
})
afterAll(async () => {
  await gateway.stop()
  await keys.stop()
})

const KEYS = 'query ($keys: [PaymentLinkKey!]!) { paymentLinksByKeys(keys: $keys) { id } }'
const LINK = 'query ($accountId: ID!, $id: ID!) { paymentLink(accountId: $accountId, id: $id) { id } }'
const UPDATE = 'mutation ($input: UpdatePaymentLinkInput!) { updatePaymentLink(input: $input) { userErrors { code } } }'

async function ask(token: string, query: string, variables: unknown, signal: AbortSignal): Promise<unknown> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables }),
    signal,
  })
  return response.json()
}

describe('a caller with 800 calls that hang', () => {
  it('serves a read and a write of another caller while 800 calls of one caller hang', async () => {
    const [mine = '', theirs = ''] = gateway.sandbox.accounts.map(({ id }) => id)
    const [heavy, light] = await Promise.all(
      ['heavy', 'light'].map((sub) => sign(key, claims({ sub, accounts: [mine, theirs] }))),
    )
    const link = gateway.sandbox.insertLink({ accountId: mine, maxUsage: 10 })
    gateway.sandbox.faults.add({ kind: 'hang', operation: 'show', accountId: theirs })
    const leaving = new AbortController()
    let finished = 0
    const crowd = Array.from({ length: 8 }, (_, nth) => {
      const wanted = Array.from({ length: 100 }, (_id, id) => ({ accountId: theirs, id: `9${nth}${1000 + id}` }))
      return ask(heavy ?? '', KEYS, { keys: wanted }, leaving.signal).then(
        () => {
          finished += 1
        },
        () => undefined,
      )
    })
    await expect.poll(() => gateway.sandbox.log.peakConcurrency('show'), { timeout: 10_000 }).toBe(60)
    const id = String(link.id)
    const read = await ask(light ?? '', LINK, { accountId: mine, id }, leaving.signal)
    expect(read).toEqual({ data: { paymentLink: { id } } })
    const written = await ask(light ?? '', UPDATE, { input: { accountId: mine, id, maxUsage: 11 } }, leaving.signal)
    expect(written).toEqual({ data: { updatePaymentLink: { userErrors: [] } } })
    expect(finished).toBe(0)
    leaving.abort()
    await Promise.all(crowd)
  })
})

import { describe, expect, it } from 'vitest'
import { startGatewayOver } from '../../support/gateway.js'
import { type Answering, CREDENTIALS, withUpstream } from '../../support/with-upstream.js'

const ACCOUNT = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'
const KEY = `accountId: "${ACCOUNT}", id: "7"`
const NUMBERS =
  '{"order":9007199254740993,"n":12345678901234567890,"rate":0.1234567890123456789,"huge":1e400,"tiny":[1e-400,-9007199254740993]}'
const KEYS = '{"__proto__":12345678901234567890,"toJSON":{"isLosslessNumber":true,"value":"1"},"constructor":1e400}'

/** Every way to read metadata. */
const WAYS: readonly [string, string][] = [
  ['a link', `{ paymentLink(${KEY}) { optionalMetadata } }`],
  ['a list', `{ paymentLinks(accountId: "${ACCOUNT}", first: 1) { nodes { optionalMetadata } } }`],
  ['a key list', `{ paymentLinksByKeys(keys: [{ ${KEY} }]) { optionalMetadata } }`],
  ['an account', `{ account(id: "${ACCOUNT}") { paymentLinks(first: 1) { edges { node { optionalMetadata } } } } }`],
  [
    'a reference',
    `{ _entities(representations: [{ __typename: "PaymentLink", ${KEY} }]) { ... on PaymentLink { optionalMetadata } } }`,
  ],
  ['an update', `mutation { updatePaymentLink(input: { ${KEY}, maxUsage: 2 }) { paymentLink { optionalMetadata } } }`],
]

/** The response's text over an upstream whose only link has this metadata. */
async function answerOver(metadata: string, query: string): Promise<string> {
  let maxUsage = 1
  const answer: Answering = ({ method, path, body }, response) => {
    if (method === 'PUT') {
      expect(body).toContain(`"optional_metadata":${metadata}`)
      maxUsage = 2
    }
    const row = `{"id":7,"reff_no":"INV-7","status":"open","max_usage":${maxUsage},"current_usage":0,"expired_at":null,
      "total_amount":"10000.00","optional_metadata":${metadata},"created_at":"2026-05-08T14:30:00+07:00"}`
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(`{"status":200,"success":true,"data":${path.includes('page=') ? `[${row}]` : row}}`)
  }
  let text = ''
  await withUpstream({ answer }, async ({ origin }) => {
    const gateway = await startGatewayOver(origin, {
      SINGAPAY_API_KEY: CREDENTIALS.apiKey,
      SINGAPAY_CLIENT_ID: CREDENTIALS.clientId,
      SINGAPAY_CLIENT_SECRET: CREDENTIALS.clientSecret,
    })
    try {
      text = (await gateway.request(query)).text
    } finally {
      await gateway.stop()
    }
  })
  return text
}

describe('numbers that no double holds', () => {
  it.each(WAYS)('keeps every digit of a number that no double holds, in %s', async (_, query) => {
    const text = await answerOver(NUMBERS, query)
    expect(text).toContain(`"optionalMetadata":${NUMBERS}`)
    expect(text).not.toContain('"errors"')
  })

  it.each(WAYS)('keeps numbers that no double holds under any key, in %s', async (_, query) => {
    expect(await answerOver(KEYS, query)).toContain(`"optionalMetadata":${KEYS}`)
  })
})

describe('numbers that a double holds', () => {
  it('keeps the value of a number that a double holds, however it was spelt', async () => {
    const text = await answerOver('{"a":[1.0,1E5,-0,0.10,20.00]}', WAYS[0]?.[1] ?? '')
    expect(text).toContain('"optionalMetadata":{"a":[1,100000,0,0.1,20]}')
  })
})

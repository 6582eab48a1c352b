import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Logger } from '../../../../src/telemetry/logger.js'
import { makeKey, type SigningKey, startKeyServer } from '../../../server/callers/key-server.js'
import { AUDIENCE, claims, ISSUER, sign } from '../../../server/callers/tokens.js'
import { startTestGateway, type TestGateway } from '../../../support/gateway.js'

const lines: Record<string, unknown>[] = []
const keep = (fields: object): void => void lines.push({ ...fields })
const logger: Logger = { debug: keep, info: keep, warn: keep, error: keep }
const auditLines = () => lines.filter((line) => 'audit' in line)

let key: SigningKey
let gateway: TestGateway
let keys: Awaited<ReturnType<typeof startKeyServer>>
beforeAll(async () => {
  key = await makeKey('first')
  keys = await startKeyServer([key.jwk])
  gateway = await startTestGateway({
    env: {
      AUTH_MODE: 'jwt',
      JWT_JWKS_URL: keys.url,
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: AUDIENCE,
      UPSTREAM_TIMEOUT_MS: '900',
      REQUEST_TIMEOUT_MS: '9000',
    },
    app: { logger },
  })
})
afterAll(async () => {
  await gateway.stop()
  await keys.stop()
})
beforeEach(() => {
  lines.length = 0
  gateway.sandbox.faults.clear()
})

const SUBJECT = `${ISSUER}|shop-7`

async function update(
  input: Readonly<Record<string, unknown>>,
  more: { readonly accounts?: unknown; readonly signal?: AbortSignal } = {},
): Promise<Response> {
  const { accounts = '*', signal = null } = more
  const query =
    'mutation ($input: UpdatePaymentLinkInput!) { updatePaymentLink(input: $input) { userErrors { code } } }'
  return fetch(gateway.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-request-id': 'request-9',
      authorization: `Bearer ${await sign(key, claims({ accounts }))}`,
    },
    body: JSON.stringify({ query, variables: { input } }),
    signal,
  })
}

/** A link that may be changed in every way, reset to the values that the lines below start from. */
function aLink() {
  const accountId = gateway.sandbox.accounts[0]?.id ?? ''
  const link = gateway.sandbox.linksOf(accountId).find(({ status, maxUsage }) => status === 'open' && maxUsage > 1)
  if (link === undefined) throw new Error('the sandbox has no open link')
  const id = String(link.id)
  gateway.sandbox.patchLink(accountId, link.id, { maxUsage: 500, currentUsage: 1, requiredCustomerDetail: false })
  return { accountId, id, key: { accountId, id }, place: { accountId, linkId: id } }
}

describe('the audit line of an update', () => {
  it('the audit line marks an unreadable value and leaves the value out', async () => {
    const { key: link, place } = aLink()
    gateway.sandbox.setLinkRaw(place.accountId, Number(place.linkId), { set: { max_usage: 'a secret' } })
    await update({ ...link, maxUsage: 501 })
    gateway.sandbox.setLinkRaw(place.accountId, Number(place.linkId), null)
    expect(auditLines()).toMatchObject([{ before: { maxUsage: 'unreadable' }, after: { maxUsage: 501 } }])
    expect(JSON.stringify(lines)).not.toContain('a secret')
  })

  it('the audit line says who changed what of which link, with the values before and after', async () => {
    const { key: link, place } = aLink()
    await update({ ...link, maxUsage: 501, requiredCustomerDetail: true })
    expect(auditLines()).toEqual([
      {
        audit: 'updatePaymentLink',
        requestId: 'request-9',
        caller: SUBJECT,
        ...place,
        fields: ['maxUsage', 'requiredCustomerDetail'],
        before: { maxUsage: 500, requiredCustomerDetail: false },
        after: { maxUsage: 501, requiredCustomerDetail: true },
        outcome: 'applied',
        codes: [],
      },
    ])
  })

  it('the audit line names metadata and redirectUrl, but holds neither, nor any token', async () => {
    const { key: link } = aLink()
    await update({ ...link, redirectUrl: 'https://hush.example/?key=hush', optionalMetadata: { phone: 'hush' } })
    const [line] = auditLines()
    expect(line).toMatchObject({ fields: ['redirectUrl', 'optionalMetadata'], before: {}, after: {} })
    expect(JSON.stringify(lines)).not.toMatch(/hush|eyJ|Bearer/)
  })

  it('an update without changes leaves an audit line', async () => {
    await update(aLink().key)
    expect(auditLines()).toMatchObject([{ fields: [], outcome: 'unchanged' }])
  })

  it('a repeated update that finds its change made is unchanged in the audit log', async () => {
    const { key: link } = aLink()
    for (const _ of [1, 2, 3]) await update({ ...link, maxUsage: 502 })
    expect(auditLines().map(({ outcome }) => outcome)).toEqual(['applied', 'unchanged', 'unchanged'])
    expect(auditLines()[1]).toMatchObject({ before: { maxUsage: 502 }, after: { maxUsage: 502 }, codes: [] })
  })

  it('every refusal leaves an audit line with its code', async () => {
    const { key: link, accountId } = aLink()
    await update({ ...link, maxUsage: 0 })
    await update({ ...link, optionalMetadata: { big: 'x'.repeat(20_000) } })
    await update({ ...link, maxUsage: 7, expectedVersion: 'older' })
    await update({ accountId, id: '999999999', maxUsage: 7 })
    await update({ ...link, whitelistedPaymentMethod: ['x'.repeat(64)] })
    await update({ ...link, maxUsage: 7 }, { accounts: [] })
    expect(auditLines().map(({ outcome, codes }) => [outcome, codes])).toEqual([
      ['refused', ['INVALID']],
      ['refused', ['INVALID']],
      ['refused', ['STALE']],
      ['refused', ['NOT_FOUND']],
      ['refused', ['UNKNOWN_PAYMENT_METHOD']],
      ['failed', ['FORBIDDEN']],
    ])
    expect(auditLines()[0]).toMatchObject({ fields: ['maxUsage'], linkId: link.id, before: {}, after: {} })
    expect(auditLines()[2]).toMatchObject({ fields: ['maxUsage'], before: { maxUsage: 500 }, after: { maxUsage: 7 } })
    expect(auditLines()[5]).toMatchObject({ before: {}, after: { maxUsage: 7 } })
    for (const line of auditLines()) expect(JSON.stringify(line).length).toBeLessThan(1_000)
  })

  it('the audit line cuts a long id between characters, never inside one', async () => {
    const { key: link } = aLink()
    await update({ ...link, id: `${'9'.repeat(63)}😀` })
    const [id] = auditLines()
    expect(id?.['linkId']).toBe('9'.repeat(63))
  })

  it('an update with an unknown outcome is unknown in the audit log', async () => {
    const { key: link } = aLink()
    gateway.sandbox.faults.add({ operation: 'update', kind: 'reset' })
    await update({ ...link, maxUsage: 77 })
    expect(auditLines()).toMatchObject([
      { outcome: 'unknown', codes: ['UPSTREAM_OUTCOME_UNKNOWN'], before: { maxUsage: 500 }, after: { maxUsage: 77 } },
    ])
  })

  it('an update whose caller has left leaves an audit line with its result', async () => {
    const { key: link } = aLink()
    const leaving = new AbortController()
    const remove = gateway.sandbox.beforeResponse(async ({ operation }) => {
      if (operation === 'update') leaving.abort()
    })
    await expect(update({ ...link, maxUsage: 78 }, { signal: leaving.signal })).rejects.toThrow()
    await expect.poll(auditLines).toHaveLength(1)
    remove()
    expect(auditLines()).toMatchObject([{ outcome: 'applied', after: { maxUsage: 78 } }])
  })

  it('the audit line has the code of the response when the time ends before anything was sent', async () => {
    const env = { UPSTREAM_TIMEOUT_MS: '5000', REQUEST_TIMEOUT_MS: '600' }
    const hurried = await startTestGateway({ env, app: { logger } })
    try {
      hurried.sandbox.faults.add({ operation: 'show', kind: 'hang' })
      const { key: link } = aLink()
      const { errors } = await hurried.request(
        'mutation ($input: UpdatePaymentLinkInput!) { updatePaymentLink(input: $input) { userErrors { code } } }',
        { input: { ...link, maxUsage: 79 } },
      )
      expect(errors?.[0]?.extensions.code).toBe('WRITE_BUSY')
      expect(auditLines()).toMatchObject([{ outcome: 'failed', codes: ['WRITE_BUSY'] }])
    } finally {
      await hurried.stop()
    }
  })
})

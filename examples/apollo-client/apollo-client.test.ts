import { type ApolloClient, CombinedGraphQLErrors, gql } from '@apollo/client'
import { filter, firstValueFrom } from 'rxjs'
import {
  PaymentLinkDocument,
  PaymentLinksByKeysDocument,
  PaymentLinksDocument,
} from 'singapay-payment-link-gateway/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FailingGateway, startFailingGateway } from '../support/failing-gateway.js'
import { type Gateway, startGateway } from '../support/gateway.js'
import { createRecordingFetch } from '../support/recording-fetch.js'
import { firstWritable, OTHER_ACCOUNT_ID, UNKNOWN_ACCOUNT_ID } from '../support/sample.js'
import { JWT_SETTINGS, signToken } from '../support/token.js'
import { createClient } from './client.js'
import { type Links, loadNext, loadPrevious, PAGE_SIZE, shownLinks, updateLink, watchLinks } from './payment-links.js'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.stop())

function connect({ url }: { readonly url: string }, token?: () => string) {
  const { fetch, sent } = createRecordingFetch()
  return { client: createClient({ url, fetch, ...(token && { token }) }), sent }
}

/** Watches the query from the first render on, as a component does. */
async function show(
  client: ApolloClient,
  from: { readonly first: number } | { readonly last: number },
): Promise<Links> {
  const links = watchLinks(client, { accountId: gateway.accountId, ...from })
  links.subscribe({})
  await settled(links)
  return links
}

/** Loaded rows appear in the list a moment later. */
const settled = (links: Links) => firstValueFrom(links.pipe(filter(({ loading }) => !loading)))

const idsOf = (links: Links) => shownLinks(links).map(({ id }) => id)
const namesOf = (sent: readonly { readonly operationName: string | undefined }[]) =>
  sent.map(({ operationName }) => operationName)

describe('Apollo Client', () => {
  it('lists every link page by page, forward and backward', async () => {
    const { client, sent } = connect(gateway)
    const forward = await show(client, { first: PAGE_SIZE })
    while (await loadNext(forward)) await settled(forward)
    expect(new Set(idsOf(forward)).size).toBe(200)
    expect(idsOf(forward)).toHaveLength(200)
    expect(sent).toHaveLength(200 / PAGE_SIZE)

    const backward = await show(connect(gateway).client, { last: PAGE_SIZE })
    while (await loadPrevious(backward)) await settled(backward)
    expect(idsOf(backward)).toEqual(idsOf(forward))
  })

  it('shows an update in the list without a refetch', async () => {
    const { client, sent } = connect(gateway)
    const links = await show(client, { first: PAGE_SIZE })
    const { accountId, id, version, maxUsage } = firstWritable(shownLinks(links))
    const outcome = await updateLink(client, { accountId, id, maxUsage: maxUsage + 1, expectedVersion: version })
    expect(outcome.kind).toBe('saved')
    expect(shownLinks(links).find((link) => link.id === id)?.maxUsage).toBe(maxUsage + 1)
    expect(namesOf(sent)).toEqual(['PaymentLinks', 'UpdatePaymentLink'])
  })

  it('returns the user errors, and the link as it is now', async () => {
    const { client } = connect(gateway)
    const { accountId, id, maxUsage } = firstWritable(shownLinks(await show(client, { first: PAGE_SIZE })))
    expect(await updateLink(client, { accountId, id, maxUsage: 0 })).toMatchObject({
      kind: 'refused',
      userErrors: [{ code: 'INVALID', field: ['maxUsage'] }],
    })
    expect(await updateLink(client, { accountId, id, maxUsage: 9, expectedVersion: 'of yesterday' })).toMatchObject({
      kind: 'refused',
      userErrors: [{ code: 'STALE' }],
      link: { id, maxUsage },
    })
  })

  it('identifies a link by its account and id, whichever query returned it', async () => {
    const { client, sent } = connect(gateway)
    const { accountId } = gateway
    const links = await show(client, { first: 1 })
    const keys = shownLinks(links).map(({ id }) => ({ accountId, id }))
    await client.query({ query: PaymentLinksByKeysDocument, variables: { keys } })
    const stored = Object.keys(Object(client.cache.extract())).filter((key) => key.startsWith('PaymentLink:'))
    expect(stored).toEqual(keys.map((key) => `PaymentLink:${JSON.stringify(key)}`))
    const query = gql`query ($accountId: ID!, $id: ID!) { paymentLink(accountId: $accountId, id: $id) { accountId id title } }`
    const alone = await client.query({ query, variables: keys[0] ?? {} })
    expect(alone.data).toEqual({ paymentLink: expect.objectContaining(keys[0]) })
    expect(sent).toHaveLength(2)
  })

  it('keeps the data of a partial response, with the codes of its errors', async () => {
    const guarded = await startGateway(JWT_SETTINGS)
    try {
      const accounts = [guarded.accountId]
      const { client, sent } = connect(guarded, () => signToken({ accounts, scope: 'payment-links:read' }))
      const keys = [
        { accountId: guarded.accountId, id: '383' },
        { accountId: OTHER_ACCOUNT_ID, id: '1' },
      ]
      const query = PaymentLinksByKeysDocument
      const { data, error } = await client.query({ query, variables: { keys }, errorPolicy: 'all' })
      expect(data?.paymentLinksByKeys).toEqual([expect.objectContaining({ id: '383' }), null])
      expect(CombinedGraphQLErrors.is(error) && error.errors).toMatchObject([
        { path: ['paymentLinksByKeys', 1], extensions: { code: 'FORBIDDEN' } },
      ])
      const input = { accountId: guarded.accountId, id: '383', maxUsage: 5 }
      expect(await updateLink(client, input)).toMatchObject({ kind: 'failed', code: 'FORBIDDEN' })
      expect(sent.every(({ headers }) => headers.get('authorization')?.startsWith('Bearer '))).toBe(true)

      const unknown = connect(guarded, () => 'not a token').client
      expect(await updateLink(unknown, input)).toMatchObject({ kind: 'failed', code: 'UNAUTHENTICATED' })
    } finally {
      await guarded.stop()
    }
  })
})

describe('Apollo Client, when the API behind the gateway fails', () => {
  let failing: FailingGateway
  beforeAll(async () => {
    failing = await startFailingGateway()
  })
  afterAll(() => failing.stop())

  it('retries a query whose errors are retryable', async () => {
    const { client, sent } = connect(failing)
    await failing.fail({ kind: 'empty-503', operation: 'list', times: 3 })
    const variables = { accountId: failing.accountId, first: 1 }
    const { data, error } = await client.query({ query: PaymentLinksDocument, variables, errorPolicy: 'all' })
    expect(error).toBeUndefined()
    expect(data?.paymentLinks?.totalCount).toBe(200)
    expect(sent).toHaveLength(2)
  })

  it('does not retry a query that would fail again', async () => {
    const { client, sent } = connect(failing)
    const variables = { accountId: UNKNOWN_ACCOUNT_ID, first: 1 }
    const { error } = await client.query({ query: PaymentLinksDocument, variables, errorPolicy: 'all' })
    expect(CombinedGraphQLErrors.is(error) && error.errors[0]?.extensions?.['code']).toBe('NOT_FOUND')
    expect(sent).toHaveLength(1)
    // A failed page must not be cached as an empty list with a next page.
    expect(JSON.stringify(client.cache.extract())).not.toContain('hasNextPage')
  })

  it('sends a mutation once, and reports an unknown outcome as unknown', async () => {
    const { client, sent } = connect(failing)
    const { accountId } = failing
    const variables = { accountId, id: '383' }
    const link = (await client.query({ query: PaymentLinkDocument, variables })).data?.paymentLink
    await failing.fail({ kind: 'empty-503', operation: 'update', times: 1 })
    const outcome = await updateLink(client, { accountId, id: '383', maxUsage: (link?.maxUsage ?? 0) + 1 })
    expect(outcome.kind).toBe('unknown')
    expect(namesOf(sent)).toEqual(['PaymentLink', 'UpdatePaymentLink'])
  })
})

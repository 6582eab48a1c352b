import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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
import { nextPage, PAGE_SIZE, previousPage, queryLinks, updateLink } from './payment-links.js'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.stop())

function connect({ url }: { readonly url: string }, token?: () => string) {
  const { fetch, sent } = createRecordingFetch()
  return { client: createClient({ url, fetch, ...(token && { token }) }), sent }
}

type Variables = Parameters<typeof queryLinks>[1]
type Page = Awaited<ReturnType<typeof queryLinks>>['data']

const linksOf = (page: Page) => page?.paymentLinks?.edges.flatMap((edge) => edge?.node ?? []) ?? []

/** The ids on all pages, in the order in which the pages were loaded. */
async function walk(from: Variables, step: (shown: Variables, page: Page) => Variables | undefined) {
  const { client, sent } = connect(gateway)
  const pages: string[][] = []
  for (let variables: Variables | undefined = from; variables !== undefined; ) {
    const { data } = await queryLinks(client, variables)
    pages.push(linksOf(data).map(({ id }) => `${id}`))
    variables = step(variables, data)
  }
  return { pages, sent }
}

describe('the schema for Graphcache', () => {
  it('gives Graphcache the checked-in schema', () => {
    const folder = mkdtempSync(join(tmpdir(), 'urql-'))
    try {
      const file = join(folder, 'schema.json')
      execFileSync(process.execPath, [fileURLToPath(new URL('write-schema.mjs', import.meta.url)), file])
      const checkedIn = new URL('__generated__/schema.json', import.meta.url)
      expect(readFileSync(checkedIn, 'utf8'), 'run `npm run generate`').toBe(readFileSync(file, 'utf8'))
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('urql with Graphcache', () => {
  it('lists every link page by page, forward and backward', async () => {
    const { accountId } = gateway
    const forward = await walk({ accountId, first: PAGE_SIZE }, nextPage)
    expect(new Set(forward.pages.flat()).size).toBe(200)
    expect(forward.pages.flat()).toHaveLength(200)
    expect(forward.sent).toHaveLength(200 / PAGE_SIZE)

    const backward = await walk({ accountId, last: PAGE_SIZE }, previousPage)
    expect(backward.pages.toReversed().flat()).toEqual(forward.pages.flat())
  })

  it('shows an update in the list without a refetch', async () => {
    const { client, sent } = connect(gateway)
    const variables = { accountId: gateway.accountId, first: PAGE_SIZE }
    const shown: Page[] = []
    const { unsubscribe } = queryLinks(client, variables).subscribe(({ data }) => shown.push(data))
    const { data } = await queryLinks(client, variables)
    const { accountId, id, version, maxUsage } = firstWritable(linksOf(data))
    const outcome = await updateLink(client, { accountId, id, maxUsage: maxUsage + 1, expectedVersion: version })
    expect(outcome.kind).toBe('saved')
    expect(linksOf(shown.at(-1)).find((link) => link.id === id)?.maxUsage).toBe(maxUsage + 1)
    expect(sent.map(({ operationName }) => operationName)).toEqual(['PaymentLinks', 'UpdatePaymentLink'])
    unsubscribe()
  })

  it('returns the user errors, and the link as it is now', async () => {
    const { client } = connect(gateway)
    const { data } = await queryLinks(client, { accountId: gateway.accountId, first: PAGE_SIZE })
    const { accountId, id, maxUsage } = firstWritable(linksOf(data))
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

  it('sends queries by POST, because the gateway refuses the GET that is its default', async () => {
    const { client, sent } = connect(gateway)
    const variables = { accountId: gateway.accountId, first: 1 }
    const { error } = await client.query(PaymentLinksDocument, variables, { preferGetMethod: true })
    expect(error?.graphQLErrors[0]?.extensions['code']).toBe('BAD_REQUEST')
    const fetchOptions = { headers: { 'apollo-require-preflight': '1' } }
    const mended = await client.query(PaymentLinksDocument, variables, { preferGetMethod: true, fetchOptions })
    expect(mended.data?.paymentLinks?.totalCount).toBe(200)
    await queryLinks(client, { ...variables, first: 2 })
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST'])
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
      const { data, error } = await client.query(PaymentLinksByKeysDocument, { keys })
      expect(data?.paymentLinksByKeys).toEqual([expect.objectContaining({ id: '383' }), null])
      expect(error?.graphQLErrors).toMatchObject([
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

describe('urql, when the API behind the gateway fails', () => {
  let failing: FailingGateway
  beforeAll(async () => {
    failing = await startFailingGateway()
  })
  afterAll(() => failing.stop())

  it('retries a query whose errors are retryable', async () => {
    const { client, sent } = connect(failing)
    await failing.fail({ kind: 'empty-503', operation: 'list', times: 3 })
    const { data, error } = await queryLinks(client, { accountId: failing.accountId, first: 1 })
    expect(error).toBeUndefined()
    expect(data?.paymentLinks?.totalCount).toBe(200)
    expect(sent).toHaveLength(2)
  })

  it('does not retry a query that would fail again', async () => {
    const { client, sent } = connect(failing)
    const { error } = await queryLinks(client, { accountId: UNKNOWN_ACCOUNT_ID, first: 1 })
    expect(error?.graphQLErrors[0]?.extensions['code']).toBe('NOT_FOUND')
    expect(sent).toHaveLength(1)
  })

  it('sends a mutation once, and reports an unknown outcome as unknown', async () => {
    const { client, sent } = connect(failing)
    const { accountId } = failing
    const { data } = await client.query(PaymentLinkDocument, { accountId, id: '383' })
    await failing.fail({ kind: 'empty-503', operation: 'update', times: 1 })
    const maxUsage = (data?.paymentLink?.maxUsage ?? 0) + 1
    expect((await updateLink(client, { accountId, id: '383', maxUsage })).kind).toBe('unknown')
    expect(sent.map(({ operationName }) => operationName)).toEqual(['PaymentLink', 'UpdatePaymentLink'])
  })
})

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Environment, fetchQuery } from 'relay-runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FailingGateway, startFailingGateway } from '../support/failing-gateway.js'
import { type Gateway, startGateway } from '../support/gateway.js'
import { createRecordingFetch } from '../support/recording-fetch.js'
import { UNKNOWN_ACCOUNT_ID } from '../support/sample.js'
import { JWT_SETTINGS, signToken } from '../support/token.js'
import pageQuery, {
  type paymentLinkListPaginationQuery,
} from './__generated__/paymentLinkListPaginationQuery.graphql.js'
import { createEnvironment } from './environment.js'
import { readConnection } from './store-reader.js'
import { updateLink } from './update-payment-link.js'

const PAGE_SIZE = 25

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.stop())

function connect({ url }: { readonly url: string }, token?: () => string) {
  const { fetch, sent } = createRecordingFetch()
  return { environment: createEnvironment({ url, fetch, ...(token && { token }) }), sent }
}

/** The query that `usePaginationFragment` sends for `loadNext` and `loadPrevious`. */
async function load(environment: Environment, page: Omit<paymentLinkListPaginationQuery['variables'], 'accountId'>) {
  const variables = { accountId: gateway.accountId, ...page }
  await fetchQuery<paymentLinkListPaginationQuery>(environment, pageQuery, variables).toPromise()
  return readConnection(environment, gateway.accountId)
}

describe('the Relay compiler', () => {
  it('the Relay compiler produces the checked-in artifacts from the schema', () => {
    const compiler = fileURLToPath(new URL('../node_modules/relay-compiler/cli.js', import.meta.url))
    const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, 'relay.config.json', '--validate'], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      encoding: 'utf8',
    })
    expect(status, stdout + stderr).toBe(0)
  })
})

describe('Relay', () => {
  it('lists every link page by page, forward and backward', async () => {
    const { environment, sent } = connect(gateway)
    let forward = await load(environment, { first: PAGE_SIZE })
    while (forward.hasNextPage) forward = await load(environment, { first: PAGE_SIZE, after: forward.endCursor })
    const ids = forward.links.map(({ id }) => id)
    expect(new Set(ids).size).toBe(200)
    expect(ids).toHaveLength(200)
    expect(sent).toHaveLength(200 / PAGE_SIZE)

    const { environment: another } = connect(gateway)
    let backward = await load(another, { last: PAGE_SIZE })
    while (backward.hasPreviousPage) backward = await load(another, { last: PAGE_SIZE, before: backward.startCursor })
    expect(backward.links.map(({ id }) => id)).toEqual(ids)
  })

  it('shows an update in the list without a refetch', async () => {
    const { environment, sent } = connect(gateway)
    const { accountId } = gateway
    const before = await load(environment, { first: PAGE_SIZE })
    const { id, maxUsage, version, dataId } = before.links.find((link) => link.id === '383') ?? expect.fail('link 383')
    expect(dataId).toBe(`PaymentLink:${accountId}:383`)
    const outcome = await updateLink(environment, { accountId, id, maxUsage: maxUsage + 1, expectedVersion: version })
    expect(outcome.kind).toBe('saved')
    const { links } = readConnection(environment, accountId)
    expect(links.find((link) => link.id === id)?.maxUsage).toBe(maxUsage + 1)
    expect(sent.map(({ operationName }) => operationName)).toEqual([pageQuery.params.name, 'updatePaymentLinkMutation'])
  })

  it('returns the user errors', async () => {
    const { environment } = connect(gateway)
    const link = { accountId: gateway.accountId, id: '383' }
    expect(await updateLink(environment, { ...link, maxUsage: 0 })).toMatchObject({
      kind: 'refused',
      userErrors: [{ code: 'INVALID', field: ['maxUsage'] }],
    })
    expect(await updateLink(environment, { ...link, maxUsage: 9, expectedVersion: 'of yesterday' })).toMatchObject({
      kind: 'refused',
      userErrors: [{ code: 'STALE' }],
      link: { id: '383' },
    })
  })

  it('sends the token, and reports the code when the caller lacks a grant', async () => {
    const guarded = await startGateway(JWT_SETTINGS)
    try {
      const accounts = [guarded.accountId]
      const { environment, sent } = connect(guarded, () => signToken({ accounts, scope: 'payment-links:read' }))
      const input = { accountId: guarded.accountId, id: '383', maxUsage: 5 }
      expect(await updateLink(environment, input)).toMatchObject({ kind: 'failed', code: 'FORBIDDEN' })
      expect(sent[0]?.headers.get('authorization')).toMatch(/^Bearer /)
      const unknown = connect(guarded, () => 'not a token').environment
      expect(await updateLink(unknown, input)).toMatchObject({ kind: 'failed', code: 'UNAUTHENTICATED' })
    } finally {
      await guarded.stop()
    }
  })
})

describe('Relay, when the API behind the gateway fails', () => {
  let failing: FailingGateway
  beforeAll(async () => {
    failing = await startFailingGateway()
  })
  afterAll(() => failing.stop())

  const ask = (environment: Environment, accountId: string) =>
    fetchQuery<paymentLinkListPaginationQuery>(environment, pageQuery, { accountId, first: 1 }).toPromise()

  it('retries a query whose errors are retryable', async () => {
    const { environment, sent } = connect(failing)
    await failing.fail({ kind: 'empty-503', operation: 'list', times: 3 })
    await ask(environment, failing.accountId)
    expect(readConnection(environment, failing.accountId).links).toHaveLength(1)
    expect(sent).toHaveLength(2)
  })

  it('does not retry a query that would fail again', async () => {
    const { environment, sent } = connect(failing)
    await ask(environment, UNKNOWN_ACCOUNT_ID)
    expect(sent).toHaveLength(1)
  })

  it('sends a mutation once, and reports an unknown outcome as unknown', async () => {
    const { environment, sent } = connect(failing)
    await failing.fail({ kind: 'empty-503', operation: 'update', times: 1 })
    const input = { accountId: failing.accountId, id: '383', maxUsage: 777 }
    expect((await updateLink(environment, input)).kind).toBe('unknown')
    expect(sent).toHaveLength(1)
  })
})

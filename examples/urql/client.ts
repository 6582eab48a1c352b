import { Client, type CombinedError, fetchExchange, makeOperation, type Operation } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { retryExchange } from '@urql/exchange-retry'
import { retryDelayMs } from '../responses/retrying.js'
import schema from './__generated__/schema.json' with { type: 'json' }

export interface ClientOptions {
  /** `https://gateway.example/graphql`. */
  readonly url: string
  /** Returns the caller's token; called before each request. */
  readonly token?: () => string
  readonly fetch?: typeof fetch
}

export function createClient({ url, token, fetch = globalThis.fetch }: ClientOptions): Client {
  return new Client({
    url,
    fetch,
    // By default urql sends short queries by GET, which the gateway refuses with 400 unless they carry a header such as
    // `apollo-require-preflight`.
    preferGetMethod: false,
    fetchOptions: () => (token === undefined ? {} : { headers: { authorization: `Bearer ${token()}` } }),
    exchanges: [cache, retryQueries, fetchExchange],
  })
}

/** Null for objects that are stored within their parent. A link whose key lacks a part is stored there too. */
const cache = cacheExchange({
  // Without it, one unreadable row would empty the page, because Graphcache takes a null for missing data.
  schema,
  keys: {
    PaymentLink: ({ accountId, id }) => (accountId && id ? `${accountId}:${id}` : null),
    Item: () => null,
    PageInfo: () => null,
    PaymentLinkConnection: () => null,
    PaymentLinkEdge: () => null,
    UpdatePaymentLinkPayload: () => null,
    UpdatePaymentLinkUserError: () => null,
  },
})

/** Retries a query if and when the gateway says so. Mutations are sent once. */
const retryQueries = retryExchange({ maxNumberAttempts: 3, retryWith })

function retryWith(error: CombinedError, operation: Operation): Operation | null {
  const { count = 0 } = operation.context['retry'] ?? {}
  const delay = operation.kind === 'query' ? retryDelayMs(error.graphQLErrors, count + 1) : undefined
  return delay === undefined
    ? null
    : makeOperation(operation.kind, operation, { ...operation.context, retry: { count, delay } })
}

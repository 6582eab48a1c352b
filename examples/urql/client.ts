import { Client, type CombinedError, fetchExchange, makeOperation, type Operation } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { retryExchange } from '@urql/exchange-retry'
import { retryDelayMs } from '../answers/retrying.js'
import schema from './__generated__/schema.json' with { type: 'json' }

export interface ClientOptions {
  /** `https://gateway.example/graphql`. */
  readonly url: string
  /** The caller's token, asked for before each request. */
  readonly token?: () => string
  readonly fetch?: typeof fetch
}

export function createClient({ url, token, fetch = globalThis.fetch }: ClientOptions): Client {
  return new Client({
    url,
    fetch,
    // By itself urql asks by GET what is short. The gateway answers 400 to that unless it carries `apollo-require-preflight` or the like.
    preferGetMethod: false,
    fetchOptions: () => (token === undefined ? {} : { headers: { authorization: `Bearer ${token()}` } }),
    exchanges: [cache, retryQueries, fetchExchange],
  })
}

/** What stands only within its parent has no key; a key that lacks a part is none, and the link is kept in its place. */
const cache = cacheExchange({
  // Without it, one row that cannot be read would empty the page: a null is taken for a hole in the cache.
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

/** Asks again what the gateway says may be asked again, when it says so. Mutations pass once. */
const retryQueries = retryExchange({ maxNumberAttempts: 3, retryWith })

function retryWith(error: CombinedError, operation: Operation): Operation | null {
  const { count = 0 } = operation.context['retry'] ?? {}
  const delay = operation.kind === 'query' ? retryDelayMs(error.graphQLErrors, count + 1) : undefined
  return delay === undefined
    ? null
    : makeOperation(operation.kind, operation, { ...operation.context, retry: { count, delay } })
}

import { ApolloClient, ApolloLink, type FieldPolicy, HttpLink, InMemoryCache } from '@apollo/client'
import { SetContextLink } from '@apollo/client/link/context'
import { relayStylePagination } from '@apollo/client/utilities'
import { OperationTypeNode } from 'graphql'
import { mergeMap, type Observable, of, timer } from 'rxjs'
import { retryDelayMs } from '../answers/retrying.js'

export interface ClientOptions {
  /** `https://gateway.example/graphql`. */
  readonly url: string
  /** The caller's token, asked for before each request. */
  readonly token?: () => string | Promise<string>
  readonly fetch?: typeof fetch
}

export function createClient({ url, token, fetch = globalThis.fetch }: ClientOptions): ApolloClient {
  return new ApolloClient({
    cache: createCache(),
    link: ApolloLink.from([retryQueries, authorize(token), new HttpLink({ uri: url, fetch })]),
  })
}

function createCache(): InMemoryCache {
  return new InMemoryCache({
    typePolicies: {
      // Select both wherever a link is selected.
      PaymentLink: { keyFields: ['accountId', 'id'] },
      Query: {
        fields: {
          paymentLinks: pagesOf(['accountId']),
          // A link that a list has brought is not asked for again.
          paymentLink: {
            read: (known, { args, toReference }) =>
              known === undefined ? toReference({ __typename: 'PaymentLink', ...args }) : known,
          },
        },
      },
    },
  })
}

/** Keeps what is known when a page fails: alone, `relayStylePagination` makes an empty list with a next page of it. */
function pagesOf(keyArgs: string[]): FieldPolicy {
  const { read, merge } = relayStylePagination(keyArgs)
  return {
    keyArgs,
    ...(read && { read }),
    merge: (known, page, options) =>
      page && typeof merge === 'function' ? merge(known, page, options) : (known ?? page),
  }
}

function authorize(token: ClientOptions['token']): ApolloLink {
  return new SetContextLink(async ({ headers }) => {
    return token === undefined ? { headers } : { headers: { ...headers, authorization: `Bearer ${await token()}` } }
  })
}

/** Asks again what the gateway says may be asked again, when it says so. Mutations pass once. */
const retryQueries = new ApolloLink((operation, forward) => {
  if (operation.operationType !== OperationTypeNode.QUERY) return forward(operation)
  const send = (retry: number): Observable<ApolloLink.Result> =>
    forward(operation).pipe(
      mergeMap((result) => {
        const delayMs = retryDelayMs(result.errors ?? [], retry)
        return delayMs === undefined ? of(result) : timer(delayMs).pipe(mergeMap(() => send(retry + 1)))
      }),
    )
  return send(1)
})

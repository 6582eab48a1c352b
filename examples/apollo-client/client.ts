import { ApolloClient, ApolloLink, type FieldPolicy, HttpLink, InMemoryCache } from '@apollo/client'
import { SetContextLink } from '@apollo/client/link/context'
import { relayStylePagination } from '@apollo/client/utilities'
import { OperationTypeNode } from 'graphql'
import { mergeMap, type Observable, of, timer } from 'rxjs'
import { retryDelayMs } from '../responses/retrying.js'

export interface ClientOptions {
  /** `https://gateway.example/graphql`. */
  readonly url: string
  /** Returns the caller's token; called before each request. */
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
      // Select both wherever you select a link.
      PaymentLink: { keyFields: ['accountId', 'id'] },
      Query: {
        fields: {
          paymentLinks: pagesOf(['accountId']),
          // A link that a list has already loaded is not requested again.
          paymentLink: {
            read: (known, { args, toReference }) =>
              known === undefined ? toReference({ __typename: 'PaymentLink', ...args }) : known,
          },
        },
      },
    },
  })
}

/** Keeps the known rows if a page fails; by itself, `relayStylePagination` replaces them with an empty list that has a next page. */
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

/** Retries a query if and when the gateway says so. Mutations are sent once. */
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

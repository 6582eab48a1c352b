import { ApolloClient, CombinedGraphQLErrors, type ErrorLike, HttpLink, InMemoryCache } from '@apollo/client'
import { GATEWAY_URL } from './config.js'

/** Where callers are checked (`AUTH_MODE=jwt`), the token goes into `headers` of the link. */
export const gateway = new ApolloClient({
  link: new HttpLink({ uri: GATEWAY_URL }),
  cache: new InMemoryCache({
    // A link's id is its own within its account only. With this, one answer to a mutation renews every row that shows it.
    typePolicies: { PaymentLink: { keyFields: ['accountId', 'id'] } },
  }),
})

/** What can be said about a failed request. */
export interface Failure {
  readonly message: string
  /** For whoever runs the gateway: it stands in its log. */
  readonly requestId: string | undefined
  readonly isRetryable: boolean
}

export function toFailures(error: ErrorLike | undefined): readonly Failure[] {
  if (error === undefined) return []
  if (!CombinedGraphQLErrors.is(error)) return [UNREACHABLE]
  return error.errors.map(({ message, extensions = {} }) => ({
    message,
    requestId: textOf(extensions['requestId']),
    isRetryable: extensions['retryable'] === true,
  }))
}

const UNREACHABLE: Failure = {
  message: 'The gateway cannot be reached.',
  requestId: undefined,
  isRetryable: true,
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

import { ApolloClient, CombinedGraphQLErrors, type ErrorLike, HttpLink, InMemoryCache } from '@apollo/client'
import { GATEWAY_URL } from './config.js'

/** With `AUTH_MODE=jwt`, add the token to `headers` of the HttpLink. */
export const gateway = new ApolloClient({
  link: new HttpLink({ uri: GATEWAY_URL }),
  cache: new InMemoryCache({
    // A link's id is unique only within its account. With both as the key, a mutation's response updates every row that shows the link.
    typePolicies: { PaymentLink: { keyFields: ['accountId', 'id'] } },
  }),
})

/** What to show about a failed request. */
export interface Failure {
  readonly message: string
  /** Quote it to the gateway's operator, who finds it in the log. */
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

import type { GraphiQLProps } from 'graphiql'
import { Kind, parse } from 'graphql'

/** A plain POST: GraphiQL's own fetcher bundles support for subscriptions and streams, which are not needed. */
export const fetchGraphQL: GraphiQLProps['fetcher'] = async ({ query, variables, operationName }, options) => {
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      ...options?.headers,
    },
    body: JSON.stringify({ query, variables, operationName: hasSeveralOperations(query) ? operationName : null }),
  })
  return response.json()
}

/** The page has the same path as the GraphQL endpoint. */
const ENDPOINT = location.pathname

/** GraphiQL updates the operation name late: right after a change of tabs it would still send the previous one. */
function hasSeveralOperations(query: string): boolean {
  try {
    return parse(query).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length > 1
  } catch {
    return false
  }
}

import type { GraphiQLProps } from 'graphiql'
import { Kind, parse } from 'graphql'

/** One POST for one answer: GraphiQL's own fetcher would bring along what subscriptions and streams need. */
export const fetchGraphQL: GraphiQLProps['fetcher'] = async ({ query, variables, operationName }, options) => {
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      ...options?.headers,
    },
    body: JSON.stringify({ query, variables, operationName: hasChoice(query) ? operationName : null }),
  })
  return response.json()
}

/** The page is answered where GraphQL is. */
const ENDPOINT = location.pathname

/** GraphiQL learns of another name a moment late: whoever changes tabs and runs at once would send that of the last tab. */
function hasChoice(query: string): boolean {
  try {
    return parse(query).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length > 1
  } catch {
    return false
  }
}

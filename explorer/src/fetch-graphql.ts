import type { GraphiQLProps } from 'graphiql'

/** One POST for one answer: GraphiQL's own fetcher would bring along what subscriptions and streams need. */
export const fetchGraphQL: GraphiQLProps['fetcher'] = async (operation, options) => {
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      ...options?.headers,
    },
    body: JSON.stringify(operation),
  })
  return response.json()
}

/** The page is answered where GraphQL is. */
const ENDPOINT = location.pathname

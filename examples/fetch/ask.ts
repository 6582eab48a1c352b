import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { type GraphQLFormattedError, print } from 'graphql'

export interface Gateway {
  /** `https://gateway.example/graphql`. */
  readonly url: string
  /** Returns the caller's token; called before each request. */
  readonly token?: () => string
  readonly fetch?: typeof fetch
}

/** Both may be present: one unreadable row is one null in `data` and one entry in `errors`. */
export interface Result<Data> {
  readonly data?: Data | null
  readonly errors?: readonly GraphQLFormattedError[]
}

/**
 * Sends one operation. Every error from the gateway has this shape, whatever the HTTP status.
 *
 * @throws what `fetch` throws without a response, and SyntaxError if something other than the gateway responded
 */
export async function ask<Data, Variables>(
  { url, token, fetch = globalThis.fetch }: Gateway,
  operation: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Result<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      ...(token && { authorization: `Bearer ${token()}` }),
    },
    body: JSON.stringify({ query: print(operation), variables }),
    // Longer than the gateway's own limit, REQUEST_TIMEOUT_MS, so that its error arrives first.
    signal: AbortSignal.timeout(15_000),
  })
  return response.json()
}

import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { type GraphQLFormattedError, print } from 'graphql'

export interface Gateway {
  /** `https://gateway.example/graphql`. */
  readonly url: string
  /** The caller's token, asked for before each request. */
  readonly token?: () => string
  readonly fetch?: typeof fetch
}

/** There may be both: one bad row is one null in `data`, and one of `errors`. */
export interface Answer<Data> {
  readonly data?: Data | null
  readonly errors?: readonly GraphQLFormattedError[]
}

/**
 * Sends one operation. The gateway answers every refusal of its own in this shape, whatever the HTTP status.
 *
 * @throws what `fetch` throws when no answer came, and SyntaxError when something on the way answered in the gateway's place
 */
export async function ask<Data, Variables>(
  { url, token, fetch = globalThis.fetch }: Gateway,
  operation: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Answer<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      ...(token && { authorization: `Bearer ${token()}` }),
    },
    body: JSON.stringify({ query: print(operation), variables }),
    // Longer than the gateway's own limit, REQUEST_TIMEOUT_MS, so that its answer wins.
    signal: AbortSignal.timeout(15_000),
  })
  return response.json()
}

import { print } from 'graphql'
import type { TypedDocumentNode } from 'singapay-payment-link-gateway/client'

/** What the gateway answers: data, errors, or both where a part failed. */
export interface Answer<Data> {
  readonly data?: Data | null
  readonly errors?: readonly GatewayError[]
}

export interface GatewayError {
  /** Safe to show. */
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions: { readonly code: string; readonly requestId: string; readonly retryable: boolean }
}

/** Sends one operation; the document says what goes in and what comes out. */
export async function ask<Data, Variables>(
  url: string,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Answer<Data>> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: print(document), variables }),
  })
  return (await answer.json()) as Answer<Data>
}

import { print } from 'graphql'
import type { TypedDocumentNode } from 'singapay-payment-link-gateway/client'

/** The gateway's response: data, errors, or both if a part failed. */
export interface Result<Data> {
  readonly data?: Data | null
  readonly errors?: readonly GatewayError[]
}

export interface GatewayError {
  /** Safe to show. */
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions: { readonly code: string; readonly requestId: string; readonly retryable: boolean }
}

/** Sends one operation. The document has the types of its variables and its result. */
export async function ask<Data, Variables>(
  url: string,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Result<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: print(document), variables }),
  })
  return (await response.json()) as Result<Data>
}

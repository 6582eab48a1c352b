import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { ClientError, GraphQLClient, type Variables } from 'graphql-request'
import type { ResponseError } from '../responses/retrying.js'

export interface ClientOptions {
  /** `https://gateway.example/graphql`. */
  readonly url: string
  /** Returns the caller's token; called before each request. */
  readonly token?: () => string
  readonly fetch?: typeof fetch
}

/**
 * Leave `errorPolicy` at `none`: with any other, `request` drops the errors. Leave `method` at POST. Do not use `batchRequests`: it
 * sends an array, which the gateway refuses; select several fields in one operation instead.
 */
export function createClient({ url, token, fetch = globalThis.fetch }: ClientOptions): GraphQLClient {
  return new GraphQLClient(url, {
    fetch,
    headers: () => (token === undefined ? {} : { authorization: `Bearer ${token()}` }),
  })
}

/** Both may be present: one unreadable row is one null in `data` and one entry in `errors`. */
export interface Result<Data> {
  readonly data?: Data | null | undefined
  readonly errors?: readonly ResponseError[] | undefined
}

/** Sends one operation. graphql-request throws responses with errors, even partial ones; this returns them instead. */
export async function ask<Data, Vars extends Variables>(
  client: GraphQLClient,
  document: TypedDocumentNode<Data, Vars>,
  variables: Vars,
): Promise<Result<Data>> {
  try {
    return { data: await client.request<Data, Variables>({ document, variables }) }
  } catch (error) {
    if (error instanceof ClientError) return error.response as Result<Data>
    throw error
  }
}

import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { ClientError, GraphQLClient, type Variables } from 'graphql-request'
import type { AnsweredError } from '../answers/retrying.js'

export interface ClientOptions {
  /** `https://gateway.example/graphql`. */
  readonly url: string
  /** The caller's token, asked for before each request. */
  readonly token?: () => string
  readonly fetch?: typeof fetch
}

/**
 * `errorPolicy` stays at `none`: with another one `request` drops the errors. `method` stays at POST; `batchRequests` sends
 * an array, which the gateway refuses: ask for several fields in one operation instead.
 */
export function createClient({ url, token, fetch = globalThis.fetch }: ClientOptions): GraphQLClient {
  return new GraphQLClient(url, {
    fetch,
    headers: () => (token === undefined ? {} : { authorization: `Bearer ${token()}` }),
  })
}

/** There may be both: one bad row is one null in `data`, and one of `errors`. */
export interface Answer<Data> {
  readonly data?: Data | null | undefined
  readonly errors?: readonly AnsweredError[] | undefined
}

/** Sends one operation. What graphql-request throws with an answer in it, half of one included, is an answer, too. */
export async function ask<Data, Vars extends Variables>(
  client: GraphQLClient,
  document: TypedDocumentNode<Data, Vars>,
  variables: Vars,
): Promise<Answer<Data>> {
  try {
    return { data: await client.request<Data, Variables>({ document, variables }) }
  } catch (error) {
    if (error instanceof ClientError) return error.response as Answer<Data>
    throw error
  }
}

import {
  Environment,
  type FetchFunction,
  type GraphQLSingularResponse,
  Network,
  RecordSource,
  Store,
} from 'relay-runtime'
import { queryWithRetries, type ResponseError } from '../responses/retrying.js'

export interface EnvironmentOptions {
  /** `https://gateway.example/graphql`. */
  readonly url: string
  /** Returns the caller's token; called before each request. */
  readonly token?: () => string
  readonly fetch?: typeof fetch
}

export function createEnvironment(options: EnvironmentOptions): Environment {
  return new Environment({
    network: Network.create(createFetchFunction(options)),
    store: new Store(new RecordSource()),
    getDataID,
  })
}

/** A link selected without `accountId` is stored within its parent, like objects without an id, and never mistaken for another. */
function getDataID(record: Readonly<Record<string, unknown>>, typename: string): string | undefined {
  const { accountId, id } = record
  if (typeof id !== 'string') return undefined
  if (typename !== 'PaymentLink') return `${typename}:${id}`
  return typeof accountId === 'string' ? `PaymentLink:${accountId}:${id}` : undefined
}

function createFetchFunction({ url, token, fetch = globalThis.fetch }: EnvironmentOptions): FetchFunction {
  return ({ text, name, operationKind }, variables) => {
    const send = async (): Promise<GraphQLSingularResponse & { readonly errors?: ResponseError[] }> => {
      const headers = {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
        ...(token && { authorization: `Bearer ${token()}` }),
      }
      const body = JSON.stringify({ query: text, operationName: name, variables })
      const response = await fetch(url, { method: 'POST', headers, body })
      return response.json()
    }
    // Send a mutation once.
    return operationKind === 'query' ? queryWithRetries(send) : send()
  }
}

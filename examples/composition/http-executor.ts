import type { SubschemaConfig } from '@graphql-tools/delegate'
import { type ExecutionResult, print } from 'graphql'
import type { CallerHeaders } from './caller-headers.js'

type Executor = NonNullable<SubschemaConfig['executor']>

/** Sends operations to an endpoint; `headersOf` gets the caller's headers from the gateway's request. */
export function createHttpExecutor(
  url: string,
  headersOf: (request: GatewayRequest) => CallerHeaders | undefined,
): Executor {
  return async ({ document, variables, context, extensions }) =>
    post(url, { query: print(document), variables }, headersOf({ context, extensions }))
}

interface GatewayRequest {
  readonly context?: { readonly headers?: CallerHeaders } | undefined
  readonly extensions?: { readonly headers?: CallerHeaders } | undefined
}

/** A response with another status than 200 is also JSON, with `errors`. */
export async function post<Data>(
  url: string,
  operation: { readonly query: string; readonly variables?: Readonly<Record<string, unknown>> | undefined },
  headers: CallerHeaders = {},
): Promise<ExecutionResult<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify(operation),
  })
  return (await response.json()) as ExecutionResult<Data>
}

import type { SubschemaConfig } from '@graphql-tools/delegate'
import { type ExecutionResult, print } from 'graphql'
import type { CallerHeaders } from './caller-headers.js'

type Executor = NonNullable<SubschemaConfig['executor']>

/** Sends operations to an endpoint; `headersOf` finds the caller's headers in what the gateway says of a request. */
export function createHttpExecutor(url: string, headersOf: (told: Told) => CallerHeaders | undefined): Executor {
  return async ({ document, variables, context, extensions }) =>
    post(url, { query: print(document), variables }, headersOf({ context, extensions }))
}

interface Told {
  readonly context?: { readonly headers?: CallerHeaders } | undefined
  readonly extensions?: { readonly headers?: CallerHeaders } | undefined
}

/** An answer that is not 200 has errors in it too. */
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

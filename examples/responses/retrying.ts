/** An entry of `errors`, as any client returns it. */
export interface ResponseError {
  readonly message: string
  readonly extensions?: Readonly<Record<string, unknown>> | undefined
}

/** Sends a query, and retries it if and when the gateway says so. Never use it for a mutation. */
export async function queryWithRetries<Response extends { readonly errors?: readonly ResponseError[] | undefined }>(
  send: () => Promise<Response>,
): Promise<Response> {
  for (let retry = 1; ; retry += 1) {
    const response = await send()
    const delayMs = retryDelayMs(response.errors ?? [], retry)
    if (delayMs === undefined) return response
    await new Promise((resolve) => setTimeout(resolve, delayMs))
  }
}

/**
 * How long to wait before retrying a query, in milliseconds; undefined if it should not be retried. For queries only: a client
 * never resends a mutation by itself.
 *
 * @param retry number of the retry, counted from 1
 */
export function retryDelayMs(errors: readonly ResponseError[], retry: number): number | undefined {
  if (retry > RETRIES_MAX || errors.length === 0 || !errors.every(isRetryable)) return undefined
  const requestedMs = Math.max(...errors.map(retryAfterMs))
  if (requestedMs > REQUESTED_MS_MAX) return undefined
  return requestedMs + Math.random() * BASE_MS * 2 ** retry
}

const RETRIES_MAX = 2
const BASE_MS = 150
/** Longer than people watch a spinner: show the error with a retry button instead. */
const REQUESTED_MS_MAX = 5_000

function isRetryable({ extensions }: ResponseError): boolean {
  return extensions?.['retryable'] === true
}

function retryAfterMs({ extensions }: ResponseError): number {
  const value = extensions?.['retryAfterMs']
  return typeof value === 'number' ? value : 0
}

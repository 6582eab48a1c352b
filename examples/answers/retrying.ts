/** An error as any client hands it on. */
export interface AnsweredError {
  readonly message: string
  readonly extensions?: Readonly<Record<string, unknown>> | undefined
}

/** Sends a query, and again when the gateway says that, and when, it may be. Never for a mutation. */
export async function askPatiently<Answer extends { readonly errors?: readonly AnsweredError[] | undefined }>(
  ask: () => Promise<Answer>,
): Promise<Answer> {
  for (let retry = 1; ; retry += 1) {
    const answer = await ask()
    const delayMs = retryDelayMs(answer.errors ?? [], retry)
    if (delayMs === undefined) return answer
    await new Promise((resolve) => setTimeout(resolve, delayMs))
  }
}

/**
 * How long to wait before the same query is sent again, in milliseconds; undefined: do not. For queries only: a mutation is
 * never sent again by itself.
 *
 * @param retry counted from 1
 */
export function retryDelayMs(errors: readonly AnsweredError[], retry: number): number | undefined {
  if (retry > RETRIES_MAX || errors.length === 0 || !errors.every(isRetryable)) return undefined
  const askedMs = Math.max(...errors.map(retryAfterMs))
  if (askedMs > ASKED_MS_MAX) return undefined
  return askedMs + Math.random() * BASE_MS * 2 ** retry
}

const RETRIES_MAX = 2
const BASE_MS = 150
/** Nobody looks at a spinner for longer: show the error, with a button. */
const ASKED_MS_MAX = 5_000

function isRetryable({ extensions }: AnsweredError): boolean {
  return extensions?.['retryable'] === true
}

function retryAfterMs({ extensions }: AnsweredError): number {
  const value = extensions?.['retryAfterMs']
  return typeof value === 'number' ? value : 0
}

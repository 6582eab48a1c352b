/** A request to the gateway. */
export interface SentRequest {
  readonly method: string
  readonly headers: Headers
  readonly operationName: string | undefined
}

/** A `fetch` that records what it sends, so that a test can count requests. */
export function createRecordingFetch(send: typeof fetch = fetch): {
  readonly fetch: typeof fetch
  readonly sent: SentRequest[]
} {
  const sent: SentRequest[] = []
  return {
    sent,
    fetch: (input, init) => {
      const { method = 'GET', headers, body } = init ?? {}
      const { operationName } = typeof body === 'string' ? JSON.parse(body) : {}
      sent.push({ method, headers: new Headers(headers), operationName })
      return send(input, init)
    },
  }
}

/** What left for the gateway. */
export interface SentRequest {
  readonly method: string
  readonly headers: Headers
  readonly operationName: string | undefined
}

/** `fetch` that keeps what it was asked to send, so that a test can count requests. */
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

import { ERROR_TABLE, type ErrorCode, type GatewayErrorDetails } from '../kernel/errors.js'

/** `extensions` of every error that leaves the gateway, GraphQL or not. */
export interface ErrorExtensions {
  readonly code: ErrorCode
  readonly requestId: string
  readonly retryable: boolean
  readonly retryAfterMs?: number
  readonly upstreamStatus?: number
}

/** What stands in for the text of an error that nobody expected. */
export const MASKED_MESSAGE = 'Something went wrong on our side. Quote the request id.'

export function errorExtensions(
  code: ErrorCode,
  requestId: string,
  details: Pick<GatewayErrorDetails, 'retryAfterMs' | 'upstreamStatus'> = {},
): ErrorExtensions {
  const { retryAfterMs, upstreamStatus } = details
  return {
    code,
    requestId,
    retryable: ERROR_TABLE[code].retryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(upstreamStatus === undefined ? {} : { upstreamStatus }),
  }
}

/** The body of an answer that GraphQL had no part in: `{ errors: [one] }` as JSON. */
export function errorBody(
  code: ErrorCode,
  message: string,
  requestId: string,
  details: Pick<GatewayErrorDetails, 'retryAfterMs'> = {},
): string {
  return `${JSON.stringify({ errors: [{ message, extensions: errorExtensions(code, requestId, details) }] })}\n`
}

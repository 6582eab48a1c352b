import { ERROR_TABLE, type ErrorCode, type GatewayErrorDetails } from '../../kernel/errors.js'

/** `extensions` of every error that leaves the gateway, GraphQL or not. */
export interface ErrorExtensions {
  readonly code: ErrorCode
  readonly requestId: string
  readonly retryable: boolean
  readonly retryAfterMs?: number
  readonly upstreamStatus?: number
}

/** Replaces the message of an unexpected error. */
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

/** The JSON body of a response that never reached GraphQL: `{ "errors": [error] }`. */
export function errorBody(
  code: ErrorCode,
  message: string,
  requestId: string,
  details: Pick<GatewayErrorDetails, 'retryAfterMs'> = {},
): string {
  return `${JSON.stringify({ errors: [{ message, extensions: errorExtensions(code, requestId, details) }] })}\n`
}

import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../../kernel/errors.js'

export function unauthenticated(message: string): GatewayError {
  return new GatewayError('UNAUTHENTICATED', message)
}

/**
 * The header's value, trimmed as HTTP requires, or undefined if it is absent. A repeated header is refused, because a
 * proxy may have checked a different copy than the one used here.
 * @throws GatewayError UNAUTHENTICATED when the header is repeated
 */
export function onlyHeader(request: IncomingMessage, name: 'authorization' | 'x-partner-id'): string | undefined {
  const values = request.headersDistinct[name] ?? []
  if (values.length > 1) throw unauthenticated(`Expected one ${name} header, but got ${values.length}.`)
  return values[0]
}

import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../../kernel/errors.js'

export function unauthenticated(message: string): GatewayError {
  return new GatewayError('UNAUTHENTICATED', message)
}

/**
 * The header's only value, trimmed as HTTP says, or undefined. Of two values a proxy may have looked at the other one.
 * @throws GatewayError UNAUTHENTICATED when it came more than once
 */
export function onlyHeader(request: IncomingMessage, name: 'authorization' | 'x-partner-id'): string | undefined {
  const values = request.headersDistinct[name] ?? []
  if (values.length > 1) throw unauthenticated(`The header ${name} came more than once.`)
  return values[0]
}

import { createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { SignJWT } from 'jose'
import { loadSettings } from '../../../src/config/load.js'
import { type Callers, createCallers } from '../../../src/server/callers/callers.js'
import { createLogger } from '../../../src/telemetry/logger.js'
import { MovedClock } from '../../support/with-upstream.js'
import type { SigningKey } from './key-server.js'

export const ISSUER = 'https://issuer.example/'
export const AUDIENCE = 'payment-links'

export const ACCOUNT = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'
export const OTHER_ACCOUNT = '01K7P073Q8RE2A9PQT8Q7MXPN4'

/** Valid claims for one account; undefined claims are left out. */
export function claims(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const nowSeconds = Math.floor(Date.now() / 1000)
  const all = {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'shop-7',
    exp: nowSeconds + 600,
    scope: 'payment-links:read payment-links:write',
    accounts: [ACCOUNT],
    ...changes,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

export function sign({ kid, alg, privateKey }: SigningKey, payload = claims()): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg, kid }).sign(privateKey)
}

/** A handmade token with any header; signed with HMAC when a secret is given, otherwise with the given signature. */
export function forge(
  header: Readonly<Record<string, unknown>>,
  payload: unknown,
  signature: { readonly secret: string | Buffer; readonly hash?: string } | string,
): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part(header)}.${part(payload)}`
  if (typeof signature === 'string') return `${signed}.${signature}`
  return `${signed}.${createHmac(signature.hash ?? 'sha256', signature.secret)
    .update(signed)
    .digest('base64url')}`
}

/** Token authentication with this key. */
export function callersWith(key: Readonly<Record<string, string>>, clock = new MovedClock()): Callers {
  const loaded = loadSettings({
    SINGAPAY_BASE_URL: 'sandbox',
    AUTH_MODE: 'jwt',
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
    ...key,
  })
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'))
  return createCallers(loaded.settings.callers, { clock, logger: createLogger('silent') })
}

/** A Node request with these values of the authorization header. */
export function bearing(...values: readonly string[]): IncomingMessage {
  return { headersDistinct: values.length === 0 ? {} : { authorization: [...values] } } as unknown as IncomingMessage
}

export const bearer = (token: string): IncomingMessage => bearing(`Bearer ${token}`)

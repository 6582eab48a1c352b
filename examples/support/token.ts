import { createHmac } from 'node:crypto'

/** Settings of a gateway that authenticates callers, with the key that this file signs with. */
export const JWT_SETTINGS = {
  AUTH_MODE: 'jwt',
  JWT_SECRET: 'made-up, and long enough for HMAC with SHA-256',
  JWT_ISSUER: 'https://issuer.example/',
  JWT_AUDIENCE: 'payment-links',
}

/** A token as an identity provider would issue it (docs/callers.md), valid for a minute. */
export function signToken({
  accounts,
  scope,
}: {
  readonly accounts: readonly string[] | '*'
  readonly scope: string
}): string {
  const exp = Math.floor(Date.now() / 1000) + 60
  const claims = { iss: JWT_SETTINGS.JWT_ISSUER, aud: JWT_SETTINGS.JWT_AUDIENCE, exp, sub: 'shop-7', accounts, scope }
  const signed = [{ alg: 'HS256', typ: 'JWT' }, claims].map(toBase64Url).join('.')
  return `${signed}.${createHmac('sha256', JWT_SETTINGS.JWT_SECRET).update(signed).digest('base64url')}`
}

function toBase64Url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

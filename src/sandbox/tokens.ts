import { createHmac, randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { failure, invalid, type SandboxAnswer, success } from './answer.js'
import type { Behaviour } from './behaviour.js'
import type { Merchant } from './store.js'

export type TokenVersion = '1.0' | '1.1'

/** Who asks, or the refusal to send. */
export type Admission = { readonly merchant: Merchant } | { readonly refusal: SandboxAnswer }

/** The answer of the token route, and to whom, once that is proved. */
export interface Issue {
  readonly answer: SandboxAnswer
  readonly merchant?: Merchant
}

export interface TokenDependencies {
  readonly merchants: readonly Merchant[]
  behaviour(): Behaviour
  now(): number
}

/** Issues access tokens and checks them; a token it did not issue itself is worth nothing. */
export class Tokens {
  readonly #issued = new Map<string, { readonly merchant: Merchant; readonly endsAtMs: number }>()

  constructor(private readonly dependencies: TokenDependencies) {}

  /** `POST /api/v1.x/access-token/b2b`. */
  issue(version: TokenVersion, headers: IncomingHttpHeaders, body: unknown): Issue {
    const behaviour = this.dependencies.behaviour()
    if (!behaviour.ipRegistered) return { answer: ipRefusal() }
    const merchant = this.dependencies.merchants.find(({ apiKey }) => apiKey === headers['x-partner-id'])
    if (merchant === undefined) return { answer: partnerRefusal(behaviour) }
    if (!this.#proves(merchant, version, headers)) return { answer: failure(401, 'Invalid credentials') }
    if (!isClientCredentials(body)) {
      return { answer: invalid({ grant_type: ['The selected grant type is invalid.'] }, behaviour) }
    }
    const token = this.#newToken(merchant, behaviour.tokenLifeSeconds)
    const data = { access_token: token, token_type: 'Bearer', ...lifeOf(behaviour) }
    return { answer: success(JSON.stringify(data)), merchant }
  }

  /** The check in front of every merchant route. */
  admit(headers: IncomingHttpHeaders): Admission {
    const behaviour = this.dependencies.behaviour()
    if (!behaviour.ipRegistered) return { refusal: ipRefusal() }
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1]
    const issued = token === undefined ? undefined : this.#issued.get(token)
    if (issued === undefined || issued.endsAtMs <= this.dependencies.now()) return { refusal: unauthorised() }
    if (headers['x-partner-id'] !== issued.merchant.apiKey) return { refusal: partnerRefusal(behaviour) }
    return { merchant: issued.merchant }
  }

  /** Every token issued so far answers 401 from now on. */
  revokeAll(): void {
    this.#issued.clear()
  }

  #proves(merchant: Merchant, version: TokenVersion, headers: IncomingHttpHeaders): boolean {
    const { clientId, clientSecret } = merchant
    if (version === '1.0') {
      return headers.authorization === `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
    }
    const message = `${clientId}_${clientSecret}_${jakartaDay(this.dependencies.now())}`
    const expected = createHmac('sha512', clientSecret).update(message).digest('hex')
    return headers['x-client-id'] === clientId && headers['x-signature'] === expected
  }

  #newToken(merchant: Merchant, lifeSeconds: number): string {
    const issuedAt = Math.floor(this.dependencies.now() / 1000)
    const claims = {
      iss: 'sandbox',
      sub: merchant.clientId,
      jti: randomUUID(),
      iat: issuedAt,
      exp: issuedAt + lifeSeconds,
    }
    const signed = `${segment({ typ: 'JWT', alg: 'HS256' })}.${segment(claims)}`
    const token = `${signed}.${createHmac('sha256', merchant.clientSecret).update(signed).digest('base64url')}`
    this.#issued.set(token, { merchant, endsAtMs: this.dependencies.now() + lifeSeconds * 1000 })
    return token
  }
}

/** The refusal every 401 of a merchant route carries [oldest]. */
export function unauthorised(): SandboxAnswer {
  return failure(401, 'Unauthorized partner, please sign in')
}

const JAKARTA_OFFSET_MS = 7 * 60 * 60 * 1000

/** `YYYYMMDD` in Asia/Jakarta, which has no daylight saving: signatures are good for the server's day only [lsp]. */
function jakartaDay(nowMs: number): string {
  return new Date(nowMs + JAKARTA_OFFSET_MS).toISOString().slice(0, 10).replaceAll('-', '')
}

function isClientCredentials(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'grant_type' in body && body.grant_type === 'client_credentials'
}

/** The documents give the life as text, older ones as a number. */
function lifeOf(behaviour: Behaviour): { expires_in?: string | number } {
  if (behaviour.tokenLifeAs === 'absent') return {}
  const seconds = behaviour.tokenLifeSeconds
  return { expires_in: behaviour.tokenLifeAs === 'text' ? String(seconds) : seconds }
}

/** Captured from the real sandbox: no SP code [lsp]. */
function ipRefusal(): SandboxAnswer {
  return failure(403, 'Your IP address (127.0.0.1) is not registered', null)
}

function partnerRefusal(behaviour: Behaviour): SandboxAnswer {
  return failure(behaviour.partnerMismatchStatus, 'Invalid X-PARTNER-ID')
}

function segment(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

import { createHmac, randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { EngineBehaviour } from './behaviour.js'
import type { Merchant } from './directory.js'
import { jakartaDay } from './jakarta.js'
import { failure, invalid, SandboxRefusal, type SandboxResponse, success } from './response.js'

export type TokenVersion = '1.0' | '1.1'

export interface TokenDependencies {
  readonly merchants: readonly Merchant[]
  behaviour(): EngineBehaviour
  now(): number
}

/** Issues access tokens, and accepts only those it has issued itself. */
export class Tokens {
  readonly #issued = new Map<string, { readonly merchant: Merchant; readonly endsAtMs: number }>()

  constructor(private readonly dependencies: TokenDependencies) {}

  /** `POST /api/v1.x/access-token/b2b`. @throws SandboxRefusal */
  issue(
    version: TokenVersion,
    headers: IncomingHttpHeaders,
    body: unknown,
  ): { readonly merchant: Merchant; readonly response: SandboxResponse } {
    const behaviour = this.dependencies.behaviour()
    refuseUnregistered(behaviour)
    const merchant = this.dependencies.merchants.find(({ apiKey }) => apiKey === headers['x-partner-id'])
    if (merchant === undefined) throw partnerRefusal(behaviour)
    if (!this.#proves(merchant, version, headers)) throw new SandboxRefusal(failure(401, 'Invalid credentials'))
    if (!isClientCredentials(body)) {
      throw new SandboxRefusal(invalid({ grant_type: ['The selected grant type is invalid.'] }, behaviour))
    }
    const token = this.#newToken(merchant, behaviour.tokenLifeSeconds)
    const data = { access_token: token, token_type: 'Bearer', ...lifetimeOf(behaviour) }
    return { merchant, response: success(JSON.stringify(data)) }
  }

  /** The check in front of every merchant route. @throws SandboxRefusal */
  authenticate(headers: IncomingHttpHeaders): Merchant {
    const behaviour = this.dependencies.behaviour()
    refuseUnregistered(behaviour)
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1]
    const issued = token === undefined ? undefined : this.#issued.get(token)
    if (issued === undefined || issued.endsAtMs <= this.dependencies.now()) throw new SandboxRefusal(unauthorised())
    if (headers['x-partner-id'] !== issued.merchant.apiKey) throw partnerRefusal(behaviour)
    return issued.merchant
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
    // A signature is valid on the server's day only [lsp].
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

/** The 401 of every merchant route [oldest]. */
export function unauthorised(): SandboxResponse {
  return failure(401, 'Unauthorized partner, please sign in')
}

function isClientCredentials(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'grant_type' in body && body.grant_type === 'client_credentials'
}

/** The documents write it as text, older ones as a number. */
function lifetimeOf(behaviour: EngineBehaviour): { expires_in?: string | number } {
  if (behaviour.tokenLifeAs === 'absent') return {}
  const seconds = behaviour.tokenLifeSeconds
  return { expires_in: behaviour.tokenLifeAs === 'text' ? String(seconds) : seconds }
}

/** As captured from the real sandbox, without an SP code [lsp]. */
function refuseUnregistered({ ipRegistered }: EngineBehaviour): void {
  if (!ipRegistered) throw new SandboxRefusal(failure(403, 'Your IP address (127.0.0.1) is not registered', null))
}

function partnerRefusal({ partnerMismatchStatus }: EngineBehaviour): SandboxRefusal {
  return new SandboxRefusal(failure(partnerMismatchStatus, 'Invalid X-PARTNER-ID'))
}

function segment(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

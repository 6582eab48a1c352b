import { createHmac, randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { EngineBehaviour } from './behaviour.js'
import type { Merchant } from './directory.js'
import { jakartaDay } from './jakarta.js'
import type { SandboxContext } from './resource.js'
import { failure, invalid, SandboxRefusal, type SandboxResponse, success } from './response.js'

export type TokenVersion = '1.0' | '1.1'

export type TokenContext = Pick<SandboxContext, 'behaviour' | 'now'> & { readonly merchants: readonly Merchant[] }

export interface TokenCall {
  readonly headers: IncomingHttpHeaders
  /** Tells the log which merchant calls. */
  identify(merchant: Merchant): void
}

/** Issues access tokens, as long as a JWT so that a fault has bytes to spoil, and accepts no others. */
export class Tokens {
  readonly #issued = new Map<string, { readonly merchant: Merchant; readonly endsAtMs: number }>()

  constructor(private readonly context: TokenContext) {}

  /** `POST /api/v1.x/access-token/b2b`. @throws SandboxRefusal */
  issue(version: TokenVersion, { headers, body, identify }: TokenCall & { readonly body: unknown }): SandboxResponse {
    const behaviour = this.context.behaviour()
    refuseUnregistered(behaviour)
    const merchant = this.context.merchants.find(({ apiKey }) => apiKey === headers['x-partner-id'])
    if (merchant === undefined) throw partnerRefusal(behaviour)
    if (!this.#proves(merchant, version, headers)) throw new SandboxRefusal(failure(401, 'Invalid credentials'))
    if (!isClientCredentials(body)) {
      throw new SandboxRefusal(invalid({ grant_type: ['The selected grant type is invalid.'] }, behaviour))
    }
    identify(merchant)
    const token = randomBytes(250).toString('base64url')
    this.#issued.set(token, { merchant, endsAtMs: this.context.now() + behaviour.tokenLifeSeconds * 1000 })
    return success(JSON.stringify({ access_token: token, token_type: 'Bearer', ...lifetimeOf(behaviour) }))
  }

  /** The check in front of every merchant route. @throws SandboxRefusal */
  authenticate({ headers, identify }: TokenCall): Merchant {
    const behaviour = this.context.behaviour()
    refuseUnregistered(behaviour)
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1]
    const issued = token === undefined ? undefined : this.#issued.get(token)
    if (issued === undefined || issued.endsAtMs <= this.context.now()) throw new SandboxRefusal(unauthorised())
    if (headers['x-partner-id'] !== issued.merchant.apiKey) throw partnerRefusal(behaviour)
    identify(issued.merchant)
    return issued.merchant
  }

  /** Invalidates every token issued so far. */
  revokeAll(): void {
    this.#issued.clear()
  }

  #proves(merchant: Merchant, version: TokenVersion, headers: IncomingHttpHeaders): boolean {
    const { clientId, clientSecret } = merchant
    if (version === '1.0') {
      return headers.authorization === `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
    }
    // A signature is valid on the server's day only [lsp].
    const message = `${clientId}_${clientSecret}_${jakartaDay(this.context.now())}`
    const expected = createHmac('sha512', clientSecret).update(message).digest('hex')
    return headers['x-client-id'] === clientId && headers['x-signature'] === expected
  }
}

/** The 401 of every merchant route [oldest]. */
export function unauthorised(): SandboxResponse {
  return failure(401, 'Unauthorized partner, please sign in')
}

function isClientCredentials(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'grant_type' in body && body.grant_type === 'client_credentials'
}

/** Text in the current documents, a number in older ones. */
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

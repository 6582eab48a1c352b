import type { CallerHeaders } from '../kernel/principal.js'
import { type Received, type Step, waitFor } from './call.js'
import type { AuthorizedStep } from './envelope.js'
import { UpstreamFailure } from './failures.js'
import type { TokenKeeper } from './token-keeper.js'
import type { Token } from './tokens.js'

/** How the gateway itself is known to the upstream. */
export interface MerchantIdentity {
  readonly apiKey: string
  /** The keeper of one credential's token. */
  readonly tokensOf: (credential: string) => TokenKeeper
}

/**
 * Says who asks: the gateway with a token of its own, or the caller with the headers they brought.
 * @param merchant absent where every caller brings their own
 */
export function authorizing(next: AuthorizedStep, merchant: MerchantIdentity | undefined): Step {
  const asMerchant = merchant === undefined ? undefined : authorizingAsMerchant(next, merchant)
  return (request, call) => {
    const { upstream } = call.principal
    if (upstream.kind === 'caller') return sendAsCaller(upstream.headers(), (headers) => next(request, call, headers))
    if (upstream.kind === 'merchant' && asMerchant !== undefined) return asMerchant(request, call)
    return Promise.reject(new Error('There are no credentials to ask the upstream with.'))
  }
}

/**
 * A 401 is a definite refusal, so the call, a write included, is sent once more with a new token; a second one is final.
 */
function authorizingAsMerchant(next: AuthorizedStep, { apiKey, tokensOf }: MerchantIdentity): Step {
  const headersWith = ({ value }: Token) => ({ authorization: `Bearer ${value}`, 'x-partner-id': apiKey, ...ACCEPT })
  return async (request, call) => {
    const tokens = tokensOf(call.principal.credential)
    const token = await waitFor(tokens.get(), call)
    try {
      return await next(request, call, headersWith(token))
    } catch (error) {
      const other = isTokenRefused(error) ? tokens.replace(token) : undefined
      if (other === undefined) throw error
      return sendAgain(await waitFor(other, call))
    }

    async function sendAgain(other: Token): Promise<Received> {
      try {
        const answer = await next(request, call, headersWith(other))
        tokens.replaced(other, true)
        return answer
      } catch (error) {
        if (isTokenRefused(error)) tokens.replaced(other, false)
        else if (error instanceof UpstreamFailure && error.outcome === 'refused') tokens.replaced(other, true)
        throw error
      }
    }
  }
}

/** Nothing here can renew what a caller brought: a 401 is theirs to mend. */
async function sendAsCaller<T>(
  own: CallerHeaders,
  send: (headers: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  try {
    return await send({ ...own, ...ACCEPT })
  } catch (error) {
    if (!isTokenRefused(error)) throw error
    throw error.with({ code: 'UNAUTHENTICATED' })
  }
}

const ACCEPT = { accept: 'application/json' }

function isTokenRefused(error: unknown): error is UpstreamFailure {
  return error instanceof UpstreamFailure && error.kind === 'token-refused'
}

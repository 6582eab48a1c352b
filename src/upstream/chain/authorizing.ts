import type { CallerHeaders } from '../../kernel/principal.js'
import { type RawStep, type SuccessfulResponse, waitFor } from '../call.js'
import { UpstreamFailure } from '../failures.js'
import type { TokenKeeper } from '../tokens/token-keeper.js'
import type { Token } from '../tokens/tokens.js'
import type { AuthorizedStep } from './attempting.js'

/** The gateway's own credentials. */
export interface MerchantIdentity {
  readonly apiKey: string
  readonly tokensOf: (credential: string) => TokenKeeper
}

/**
 * Adds credentials: a token of the gateway's own, or the headers that the caller sent.
 * @param merchant absent when callers use their own
 */
export function authorizing(next: AuthorizedStep, merchant: MerchantIdentity | undefined): RawStep {
  const asMerchant = merchant === undefined ? undefined : authorizingAsMerchant(next, merchant)
  return (request, call) => {
    const { upstream } = call.principal
    if (upstream.kind === 'caller') return sendAsCaller(upstream.headers(), (headers) => next(request, call, headers))
    if (upstream.kind === 'merchant' && asMerchant !== undefined) return asMerchant(request, call)
    return Promise.reject(new Error('There are no credentials for calling the upstream.'))
  }
}

/** A 401 proves that nothing was done, so even a write is sent once more with a new token. A second 401 is final. */
function authorizingAsMerchant(next: AuthorizedStep, { apiKey, tokensOf }: MerchantIdentity): RawStep {
  return async (request, call) => {
    const sendWith = ({ value }: Token) =>
      next(request, call, { authorization: `Bearer ${value}`, 'x-partner-id': apiKey, ...ACCEPT })
    const tokens = tokensOf(call.principal.credential)
    const token = await waitFor(tokens.get(), call)
    try {
      return await sendWith(token)
    } catch (error) {
      const replacement = isTokenRefused(error) ? tokens.replace(token) : undefined
      if (replacement === undefined) throw error
      return sendWithReplacement(await waitFor(replacement, call))
    }

    async function sendWithReplacement(replacement: Token): Promise<SuccessfulResponse> {
      try {
        const response = await sendWith(replacement)
        tokens.noteReplacement(replacement, { wasAccepted: true })
        return response
      } catch (error) {
        if (error instanceof UpstreamFailure && error.outcome === 'refused') {
          tokens.noteReplacement(replacement, { wasAccepted: !isTokenRefused(error) })
        }
        throw error
      }
    }
  }
}

/** The gateway cannot renew a caller's own credentials: a 401 is theirs to fix. */
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

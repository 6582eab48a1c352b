import { type Step, waitFor } from './call.js'
import type { AuthorizedStep } from './envelope.js'
import { UpstreamFailure } from './failures.js'
import type { Token, TokenKeeper } from './tokens.js'

export interface AuthorizingParts {
  readonly apiKey: string
  /** The keeper of one credential's token. */
  readonly tokensOf: (credential: string) => TokenKeeper
}

/**
 * Says who asks. A 401 is a definite refusal, so the call, a write included, is sent once more with a new token; a
 * second one is final. A caller who brings headers of their own would be served here, before any token is asked for.
 */
export function authorizing(next: AuthorizedStep, { apiKey, tokensOf }: AuthorizingParts): Step {
  const headersWith = ({ value }: Token) => ({
    authorization: `Bearer ${value}`,
    'x-partner-id': apiKey,
    accept: 'application/json',
  })
  return async (request, call) => {
    const tokens = tokensOf(call.principal.credential)
    const token = await waitFor(tokens.get(), call)
    try {
      return await next(request, call, headersWith(token))
    } catch (error) {
      if (!isTokenRefused(error)) throw error
      tokens.drop(token)
    }
    return next(request, call, headersWith(await waitFor(tokens.get(), call)))
  }
}

function isTokenRefused(error: unknown): boolean {
  return error instanceof UpstreamFailure && error.kind === 'token-refused'
}

import type { Clock } from '../../kernel/clock.js'
import { UpstreamFailure } from '../failures.js'
import { GrowingPause } from './growing-pause.js'
import type { Token } from './tokens.js'

/**
 * The token of one credential. One fetch runs at a time and every caller waits for it; a waiter that leaves does not
 * cancel it. Near its expiry the token is renewed in the background while the old one is still used. The token route allows few
 * calls a minute, so growing pauses separate them while it refuses, and while the API refuses replacements.
 */
export class TokenKeeper {
  #current: Token | undefined
  #inFlight: Promise<Token> | undefined
  #pausedUntilMs = 0
  #refusal: UpstreamFailure | undefined
  /** After the route refused to issue a token. */
  readonly #refusalPause: GrowingPause
  /** After the API refused a replacement. */
  readonly #replacementPause: GrowingPause
  #refusedReplacement: Token | undefined

  constructor(
    private readonly fetchToken: () => Promise<Token>,
    private readonly clock: Clock,
  ) {
    this.#refusalPause = new GrowingPause(clock)
    this.#replacementPause = new GrowingPause(clock)
  }

  get(): Promise<Token> {
    const nowMs = this.clock.monotonicMs()
    const token = this.#current
    if (token === undefined || nowMs >= token.expiresAtMs) return this.#renew()
    if (nowMs >= Math.max(token.renewFromMs, this.#pausedUntilMs)) {
      // If this fails, the old token is still used, and the next try comes after a quarter of the renewal window.
      this.#renew().catch(() => {
        this.#pausedUntilMs = this.clock.monotonicMs() + (token.expiresAtMs - token.renewFromMs) / 4
      })
    }
    return Promise.resolve(token)
  }

  /** A replacement for a refused token; undefined if the last replacement has just been refused as well. */
  replace(token: Token): Promise<Token> | undefined {
    if (this.#current === token) {
      if (this.#replacementPause.remainingMs() > 0) return undefined
      this.#current = undefined
    }
    return this.get()
  }

  /** Records whether the API accepted a replacement. */
  noteReplacement(token: Token, { wasAccepted }: { readonly wasAccepted: boolean }): void {
    if (wasAccepted) this.#replacementPause.clear()
    // Many calls may be refused with one token; only the first counts.
    else if (this.#refusedReplacement !== token) this.#replacementPause.grow()
    this.#refusedReplacement = wasAccepted ? undefined : token
  }

  #renew(): Promise<Token> {
    const leftMs = this.#refusalPause.remainingMs()
    if (this.#refusal !== undefined && leftMs > 0) {
      return Promise.reject(this.#refusal.with({ retryAfterMs: leftMs }))
    }
    this.#inFlight ??= this.#fetch()
    return this.#inFlight
  }

  async #fetch(): Promise<Token> {
    try {
      this.#current = await this.fetchToken()
      this.#refusalPause.clear()
      return this.#current
    } catch (error) {
      throw this.#remember(error)
    } finally {
      this.#inFlight = undefined
    }
  }

  /** A server error may be gone with the next query; a refusal lasts for a while. */
  #remember(error: unknown): unknown {
    if (!(error instanceof UpstreamFailure)) return error
    if (error.code !== 'UPSTREAM_UNAUTHENTICATED' && error.code !== 'RATE_LIMITED') return error
    this.#refusal = error.with({ retryAfterMs: this.#refusalPause.grow(error.retryAfterMs) })
    return this.#refusal
  }
}

/** One keeper per credential. */
export function keepTokens(fetchToken: () => Promise<Token>, clock: Clock): (credential: string) => TokenKeeper {
  const keepers = new Map<string, TokenKeeper>()
  return (credential) => {
    const keeper = keepers.get(credential) ?? new TokenKeeper(fetchToken, clock)
    keepers.set(credential, keeper)
    return keeper
  }
}

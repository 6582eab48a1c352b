import type { Clock } from '../kernel/clock.js'
import { UpstreamFailure } from './failures.js'
import { GrowingPause } from './growing-pause.js'
import type { Token } from './tokens.js'

/**
 * One credential's token. One call for it at a time, which belongs to everybody: whoever stops waiting does not cancel
 * it. Near its end the token is renewed in the background while the old one still serves. The route allows few calls a
 * minute: while it refuses, and while the API refuses new tokens like old ones, it is asked after growing pauses only.
 */
export class TokenKeeper {
  #current: Token | undefined
  #flight: Promise<Token> | undefined
  #pausedUntilMs = 0
  #refusal: UpstreamFailure | undefined
  /** Since the route refused to hand out a token. */
  readonly #sinceRefusal: GrowingPause
  /** Since a new token was refused as the old one was. */
  readonly #sinceInVain: GrowingPause
  #inVain: Token | undefined

  constructor(
    private readonly fetchToken: () => Promise<Token>,
    private readonly clock: Clock,
  ) {
    this.#sinceRefusal = new GrowingPause(clock)
    this.#sinceInVain = new GrowingPause(clock)
  }

  get(): Promise<Token> {
    const nowMs = this.clock.monotonicMs()
    const token = this.#current
    if (token === undefined || nowMs >= token.expiresAtMs) return this.#renew()
    if (nowMs >= Math.max(token.renewFromMs, this.#pausedUntilMs)) {
      // Should it fail, the old token serves on, and the next try waits for a quarter of the time that is left for it.
      this.#renew().catch(() => {
        this.#pausedUntilMs = this.clock.monotonicMs() + (token.expiresAtMs - token.renewFromMs) / 4
      })
    }
    return Promise.resolve(token)
  }

  /** What to send in place of a token that was refused; undefined where a new one was just refused as well. */
  replace(token: Token): Promise<Token> | undefined {
    if (this.#current === token) {
      if (this.#sinceInVain.remainingMs() > 0) return undefined
      this.#current = undefined
    }
    return this.get()
  }

  /** What became of the call that was sent again with a new token. */
  replaced(token: Token, wasTaken: boolean): void {
    if (wasTaken) this.#sinceInVain.clear()
    // Of many calls that are refused with it, the first tells.
    else if (this.#inVain !== token) this.#sinceInVain.grow()
    this.#inVain = wasTaken ? undefined : token
  }

  #renew(): Promise<Token> {
    const leftMs = this.#sinceRefusal.remainingMs()
    if (this.#refusal !== undefined && leftMs > 0) {
      return Promise.reject(this.#refusal.with({ retryAfterMs: leftMs }))
    }
    this.#flight ??= this.#fetchAndKeep()
    return this.#flight
  }

  async #fetchAndKeep(): Promise<Token> {
    try {
      this.#current = await this.fetchToken()
      this.#sinceRefusal.clear()
      return this.#current
    } catch (error) {
      throw this.#remember(error)
    } finally {
      this.#flight = undefined
    }
  }

  /** A server that fails may serve the next query; a refusal stays one for a while. */
  #remember(error: unknown): unknown {
    if (!(error instanceof UpstreamFailure)) return error
    if (error.code !== 'UPSTREAM_UNAUTHENTICATED' && error.code !== 'RATE_LIMITED') return error
    this.#refusal = error.with({ retryAfterMs: this.#sinceRefusal.grow(error.retryAfterMs) })
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

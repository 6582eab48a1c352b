import { type CryptoKey, createLocalJWKSet, errors, type JWK, type JWTHeaderParameters } from 'jose'
import type { Clock } from '../../kernel/clock.js'
import { GatewayError } from '../../kernel/errors.js'
import type { Logger } from '../../telemetry/logger.js'

/** One published key. Keys are imported one by one, so that an unusable one does not spoil the others. */
interface PublishedKey {
  readonly kid: unknown
  /** Rejects when the key does not fit the algorithm or cannot verify signatures. */
  readonly importFor: (header: JWTHeaderParameters) => Promise<CryptoKey>
}

/** Older keys are fetched again before use. While fetching works, a revoked key is accepted for at most this long. */
const AGE_MS_MAX = 600_000
const FETCH_TIMEOUT_MS = 2_000
const BYTES_MAX = 1024 * 1024
/** Anyone can put an unknown key id into a token, so fetches are limited: a burst of ten, then one every 5 s. */
const FETCHES_MAX = 10
const FETCH_EVERY_MS = 5_000
/** The most keys tried for one token, which bounds what a forged token costs. */
const TRIED_MAX = 10

/**
 * Public keys as published by their owner (RFC 7517). They are fetched on first use, when they are old, and when a
 * token may be signed with a key that is not among them, which is how rotation shows. While fetching fails, the last
 * ones stay in use.
 */
export class RemoteKeySet {
  #keys: readonly PublishedKey[] | undefined
  #fetchedAtMs = 0
  #inFlight: Promise<void> | undefined
  #allowance = FETCHES_MAX
  #allowanceAtMs = Number.NEGATIVE_INFINITY
  #isDown = false

  constructor(
    private readonly url: string,
    private readonly tools: { readonly clock: Clock; readonly logger: Logger },
  ) {}

  /**
   * Keys that a token with this header may be signed with; the caller tries them until one fits.
   * @throws GatewayError OVERLOADED when no known key fits and the key set cannot be fetched
   */
  async *candidates(header: JWTHeaderParameters): AsyncGenerator<CryptoKey> {
    if (this.#isOld()) await this.#refresh()
    const known = this.#keys
    if (known === undefined) throw keysUnavailable()
    const tried = yield* this.#usable(known, header)
    // If the token names a known key, no other key could have signed it.
    if (tried > 0 && known.some(({ kid }) => kid !== undefined && kid === header.kid)) return
    await this.#refresh()
    if (this.#isDown || this.#keys === undefined) throw keysUnavailable()
    if (this.#keys !== known) yield* this.#usable(this.#keys, header)
  }

  async *#usable(keys: readonly PublishedKey[], header: JWTHeaderParameters): AsyncGenerator<CryptoKey, number> {
    let tried = 0
    for (const { importFor } of keysNamedIn(header, keys)) {
      try {
        yield await importFor(header)
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey) continue
        this.tools.logger.warn({ err: error }, 'a published key cannot be used')
      }
      tried += 1
      if (tried === TRIED_MAX) break
    }
    return tried
  }

  #isOld(): boolean {
    return this.#keys === undefined || this.tools.clock.monotonicMs() - this.#fetchedAtMs >= AGE_MS_MAX
  }

  /** Concurrent callers share one fetch. Never rejects. */
  async #refresh(): Promise<void> {
    if (this.#inFlight === undefined && this.#spendAllowance()) {
      this.#inFlight = this.#fetch().finally(() => {
        this.#inFlight = undefined
      })
    }
    await this.#inFlight
  }

  async #fetch(): Promise<void> {
    const { clock, logger } = this.tools
    const startedAtMs = clock.monotonicMs()
    try {
      this.#keys = await fetchKeys(this.url)
      this.#fetchedAtMs = startedAtMs
      this.#isDown = false
    } catch (error) {
      this.#isDown = true
      logger.warn({ err: error, hasKeys: this.#keys !== undefined }, "the callers' keys could not be fetched")
    }
  }

  #spendAllowance(): boolean {
    const nowMs = this.tools.clock.monotonicMs()
    const grown = Math.floor((nowMs - this.#allowanceAtMs) / FETCH_EVERY_MS)
    if (grown > 0) {
      this.#allowance = Math.min(FETCHES_MAX, this.#allowance + grown)
      this.#allowanceAtMs = nowMs
    }
    if (this.#allowance === 0) return false
    this.#allowance -= 1
    return true
  }
}

/** The keys with the token's key id, or else those without an id; all of them if the token names none. */
function keysNamedIn({ kid }: JWTHeaderParameters, keys: readonly PublishedKey[]): readonly PublishedKey[] {
  if (kid === undefined) return keys
  const named = keys.filter((key) => key.kid === kid)
  return named.length > 0 ? named : keys.filter((key) => key.kid === undefined)
}

/** Accepts no redirect and no empty key set: an empty one would lock every caller out. */
async function fetchKeys(url: string): Promise<readonly PublishedKey[]> {
  const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS)
  const headers = { accept: 'application/jwk-set+json, application/json' }
  const response = await fetch(url, { signal, redirect: 'manual', headers })
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel()
    throw new Error(`Expected the key set with status 200, but got ${response.status}.`)
  }
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    if (bytes > BYTES_MAX) throw new Error('The key set is too large.')
    chunks.push(chunk)
  }
  // TextDecoder strips a byte order mark; Buffer's own toString keeps it.
  const keySet = JSON.parse(new TextDecoder().decode(Buffer.concat(chunks))) as { readonly keys?: unknown } | null
  const keys = Array.isArray(keySet?.keys) ? keySet.keys.filter(isJwk) : []
  if (keys.length === 0) throw new Error('The key set has no keys.')
  return keys.map(toPublishedKey)
}

function isJwk(value: unknown): value is JWK {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The key id has been matched already; jose only checks that the key fits the algorithm. */
function toPublishedKey(jwk: JWK): PublishedKey {
  const find = createLocalJWKSet({ keys: [jwk] })
  return { kid: jwk.kid, importFor: ({ alg }) => find({ alg }) }
}

/** Not UNAUTHENTICATED: the token may be good, but the gateway cannot check it. */
function keysUnavailable(): GatewayError {
  return new GatewayError('OVERLOADED', 'The keys that verify tokens cannot be fetched right now.', {
    retryAfterMs: FETCH_EVERY_MS,
  })
}

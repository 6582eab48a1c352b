import { type CryptoKey, createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import type { Clock } from '../../kernel/clock.js'
import { GatewayError } from '../../kernel/errors.js'
import type { Logger } from '../../telemetry/logger.js'

type FindKey = (...of: Parameters<JWTVerifyGetKey>) => Promise<CryptoKey>

/** From this age on keys are fetched anew before they are used: how long a withdrawn key may live on here. */
const AGE_MS_MAX = 600_000
const FETCH_TIMEOUT_MS = 2_000
const BYTES_MAX = 1024 * 1024
/** Anybody can write an unknown key id into a token: so many fetches at once, then one in so much time. */
const FETCHES_MAX = 10
const FETCH_EVERY_MS = 5_000

/**
 * Public keys as their owner publishes them (RFC 7517). Fetched when first needed, when they are old, and when a token names
 * a key that is not among them: that is how keys rotate. While they cannot be fetched, the known ones serve on.
 */
export class RemoteKeySet {
  #keys: FindKey | undefined
  #fetchedAtMs = 0
  #flight: Promise<void> | undefined
  #allowance = FETCHES_MAX
  #allowanceAtMs = Number.NEGATIVE_INFINITY
  #isDown = false

  constructor(
    private readonly url: string,
    private readonly tools: { readonly clock: Clock; readonly logger: Logger },
  ) {}

  /**
   * @throws GatewayError OVERLOADED when the key is not known and may be among those that cannot be fetched
   * @throws JOSEError when there is no such key
   */
  async find(...[header, token]: Parameters<JWTVerifyGetKey>): Promise<CryptoKey> {
    if (this.#isOld()) await this.#refresh()
    if (this.#keys === undefined) throw keysUnavailable()
    try {
      return await this.#keys(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
    }
    await this.#refresh()
    if (this.#isDown) throw keysUnavailable()
    return this.#keys(header, token)
  }

  #isOld(): boolean {
    return this.#keys === undefined || this.tools.clock.monotonicMs() - this.#fetchedAtMs >= AGE_MS_MAX
  }

  /** Whoever comes while a fetch is under way waits for that one. Never rejects. */
  async #refresh(): Promise<void> {
    if (this.#flight === undefined && this.#spendAllowance()) {
      this.#flight = this.#fetch().finally(() => {
        this.#flight = undefined
      })
    }
    await this.#flight
  }

  async #fetch(): Promise<void> {
    const { clock, logger } = this.tools
    const startedAtMs = clock.monotonicMs()
    try {
      this.#keys = createLocalJWKSet(await fetchKeySet(this.url))
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

/** Neither a redirect nor anything but a key set with keys is taken: an empty one would lock everybody out. */
async function fetchKeySet(url: string): Promise<JSONWebKeySet> {
  const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS)
  const headers = { accept: 'application/jwk-set+json, application/json' }
  const answer = await fetch(url, { signal, redirect: 'manual', headers })
  if (answer.status !== 200 || answer.body === null) {
    await answer.body?.cancel()
    throw new Error('The key set was not answered with 200.')
  }
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of answer.body) {
    bytes += chunk.byteLength
    if (bytes > BYTES_MAX) throw new Error('The key set is too large.')
    chunks.push(chunk)
  }
  const keySet = JSON.parse(Buffer.concat(chunks).toString()) as JSONWebKeySet | null
  if (!Array.isArray(keySet?.keys) || keySet.keys.length === 0) throw new Error('The key set has no keys.')
  return keySet
}

/** The caller may well be who they say: it is this service that cannot tell. */
function keysUnavailable(): GatewayError {
  return new GatewayError('OVERLOADED', 'The keys that tokens are checked with cannot be had right now.', {
    retryAfterMs: FETCH_EVERY_MS,
  })
}

import { type CryptoKey, createLocalJWKSet, errors, type JWK, type JWTHeaderParameters } from 'jose'
import type { Clock } from '../../kernel/clock.js'
import { GatewayError } from '../../kernel/errors.js'
import type { Logger } from '../../telemetry/logger.js'

/** One published key. Each stands alone, so that one that cannot be used spoils no other. */
interface PublishedKey {
  readonly kid: unknown
  /** Rejects when the key is not for the algorithm, or is none that could check anything. */
  readonly importFor: (header: JWTHeaderParameters) => Promise<CryptoKey>
}

/** From this age on keys are fetched anew before they are used: how long a withdrawn key may live on here. */
const AGE_MS_MAX = 600_000
const FETCH_TIMEOUT_MS = 2_000
const BYTES_MAX = 1024 * 1024
/** Anybody can write an unknown key id into a token: so many fetches at once, then one in so much time. */
const FETCHES_MAX = 10
const FETCH_EVERY_MS = 5_000
/** So many keys are tried for one token: a token that is good for none costs no more than that. */
const TRIED_MAX = 10

/**
 * Public keys as their owner publishes them (RFC 7517). Fetched when first needed, when they are old, and when a token may
 * be signed with a key that is not among them: that is how keys rotate. While they cannot be fetched, the known ones serve on.
 */
export class RemoteKeySet {
  #keys: readonly PublishedKey[] | undefined
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
   * The keys that a token with this header may be signed with, one after another, for as long as none of them fits.
   * @throws GatewayError OVERLOADED when none of the known ones fits and the others cannot be fetched
   */
  async *candidates(header: JWTHeaderParameters): AsyncGenerator<CryptoKey> {
    if (this.#isOld()) await this.#refresh()
    const known = this.#keys
    if (known === undefined) throw keysUnavailable()
    const tried = yield* this.#usable(known, header)
    // A token that names a key which is known was signed with that one or with none.
    if (tried > 0 && known.some(({ kid }) => kid !== undefined && kid === header.kid)) return
    await this.#refresh()
    if (this.#isDown || this.#keys === undefined) throw keysUnavailable()
    if (this.#keys !== known) yield* this.#usable(this.#keys, header)
  }

  async *#usable(keys: readonly PublishedKey[], header: JWTHeaderParameters): AsyncGenerator<CryptoKey, number> {
    let tried = 0
    for (const { importFor } of namedIn(header, keys)) {
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

/** Those of the name that the token gives, else those without a name; all of them where the token gives none. */
function namedIn({ kid }: JWTHeaderParameters, keys: readonly PublishedKey[]): readonly PublishedKey[] {
  if (kid === undefined) return keys
  const named = keys.filter((key) => key.kid === kid)
  return named.length > 0 ? named : keys.filter((key) => key.kid === undefined)
}

/** Neither a redirect nor anything but a key set with keys is taken: an empty one would lock everybody out. */
async function fetchKeys(url: string): Promise<readonly PublishedKey[]> {
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
  // A decoder leaves a byte order mark out; a buffer's own text has it.
  const keySet = JSON.parse(new TextDecoder().decode(Buffer.concat(chunks))) as { readonly keys?: unknown } | null
  const keys = Array.isArray(keySet?.keys) ? keySet.keys.filter(isObject) : []
  if (keys.length === 0) throw new Error('The key set has no keys.')
  return keys.map(toPublishedKey)
}

function isObject(value: unknown): value is JWK {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Which name fits was looked at before: what is left to jose is whether the key is of the algorithm's kind. */
function toPublishedKey(jwk: JWK): PublishedKey {
  const find = createLocalJWKSet({ keys: [jwk] })
  return { kid: jwk.kid, importFor: ({ alg }) => find({ alg }) }
}

/** The caller may well be who they say: it is this service that cannot tell. */
function keysUnavailable(): GatewayError {
  return new GatewayError('OVERLOADED', 'The keys that tokens are checked with cannot be had right now.', {
    retryAfterMs: FETCH_EVERY_MS,
  })
}

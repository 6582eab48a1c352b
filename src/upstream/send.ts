import { createMemoryStore } from '../cache/memory.js'
import type { Clock } from '../kernel/clock.js'
import { GatewayError } from '../kernel/errors.js'
import type { Logger } from '../telemetry/logger.js'
import { authorizing } from './authorizing.js'
import { type CachedResponse, caching } from './caching.js'
import { isOver, outOfTime, startCall } from './call.js'
import { type Coalescing, coalescing } from './coalescing.js'
import { enveloping } from './envelope.js'
import { EpochBook } from './epochs.js'
import { invalidating } from './invalidating.js'
import { limiting } from './limiting.js'
import { observing } from './observing.js'
import { parsing } from './parsing.js'
import type { FindCached, Send } from './request.js'
import { retrying } from './retrying.js'
import { keepTokens } from './token-keeper.js'
import { type ClientCredentials, fetchToken, type TokenVersion } from './tokens.js'
import { createTransport, type Transport } from './transport.js'

export interface UpstreamOptions {
  /** Origin without `/api`. */
  readonly baseUrl: string
  /** The gateway's own; absent where every caller brings theirs. */
  readonly credentials: ClientCredentials | undefined
  readonly tokenVersion: TokenVersion
  /** One attempt, until its last byte. */
  readonly attemptTimeoutMs: number
  readonly maxConcurrency: number
  /** How old a cached response may be; 0 turns the cache off. */
  readonly cacheTtlMs: number
  readonly clock: Clock
  readonly logger: Logger
}

export interface Upstream {
  /**
   * Reads may join one in flight, come from the cache and be retried, and they end with their caller's deadline. A write
   * is sent once (twice after a 401). Once sent, it runs to its end whatever its caller's deadline.
   */
  readonly send: Send
  /** Undefined when the cache is off. */
  readonly findCached: FindCached | undefined
  /** Cancels reads, waits for writes, closes every connection. */
  stop(): Promise<void>
}

const CACHE_BYTES_MAX = 64 * 1024 * 1024

export function createUpstream(options: UpstreamOptions): Upstream {
  const transport = createTransport()
  const stopping = new AbortController()
  const { step, stop, findCached } = createChain(options, transport, stopping.signal)
  const writes = new Set<Promise<unknown>>()
  return {
    send: async (request, context) => {
      const call = startCall(context)
      if (stopping.signal.aborted) throw stopped()
      if (isOver(call)) throw outOfTime(call)
      const sending = step(request, call)
      if (request.method === 'GET') return (await sending).value
      writes.add(sending)
      try {
        return (await sending).value
      } finally {
        writes.delete(sending)
      }
    },
    findCached,
    stop: async () => {
      stopping.abort()
      stop(stopped())
      await Promise.allSettled(writes)
      transport.close()
    },
  }
}

/** The order of the chain, innermost first. */
function createChain(
  options: UpstreamOptions,
  { sendHttp }: Transport,
  stopping: AbortSignal,
): Coalescing & Pick<Upstream, 'findCached'> {
  const { baseUrl, credentials, tokenVersion, attemptTimeoutMs, maxConcurrency, cacheTtlMs, clock } = options
  const epochs = new EpochBook()
  const store = createMemoryStore<CachedResponse>(CACHE_BYTES_MAX)
  const route = { sendHttp, baseUrl, tokenVersion, timeoutMs: attemptTimeoutMs, clock, signal: stopping }
  const merchant = credentials && {
    apiKey: credentials.apiKey,
    tokensOf: keepTokens(() => fetchToken({ ...route, credentials }), clock),
  }

  const enveloped = enveloping({ sendHttp, baseUrl, attemptTimeoutMs, clock })
  const authorized = authorizing(enveloped, merchant)
  const limited = limiting(authorized, maxConcurrency)
  const retried = retrying(limited, clock)
  const parsed = parsing(retried)
  const invalidated = invalidating(parsed, epochs)
  const cached = caching(invalidated, { store, epochs, clock, ttlMs: cacheTtlMs })
  const shared = coalescing(cached.step, epochs)
  return { step: observing(shared.step, options), stop: shared.stop, findCached: cached.findCached }
}

function stopped(): GatewayError {
  return new GatewayError('UPSTREAM_UNAVAILABLE', 'The gateway is stopping.')
}

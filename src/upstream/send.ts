import { createMemoryStore } from '../cache/memory.js'
import type { Clock } from '../kernel/clock.js'
import { GatewayError } from '../kernel/errors.js'
import type { Logger } from '../telemetry/logger.js'
import { isOver, outOfTime, startCall } from './call.js'
import { attempting } from './chain/attempting.js'
import { authorizing } from './chain/authorizing.js'
import { type CachedResponse, caching } from './chain/caching.js'
import { type Coalescing, coalescing } from './chain/coalescing.js'
import { EpochBook } from './chain/epochs.js'
import { invalidating } from './chain/invalidating.js'
import { limiting } from './chain/limiting.js'
import { observing } from './chain/observing.js'
import { parsing } from './chain/parsing.js'
import { retrying } from './chain/retrying.js'
import { createTransport, type Transport } from './http/transport.js'
import type { FindCached, Send } from './request.js'
import { keepTokens } from './tokens/token-keeper.js'
import { type ClientCredentials, fetchToken, type TokenVersion } from './tokens/tokens.js'

export interface UpstreamOptions {
  /** Origin without `/api`. */
  readonly baseUrl: string
  /** The gateway's own; absent when callers use theirs. */
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

  const attempted = attempting({ sendHttp, baseUrl, attemptTimeoutMs, clock })
  const authorized = authorizing(attempted, merchant)
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

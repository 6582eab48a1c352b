import { createMemoryStore } from '../cache/memory.js'
import type { Clock } from '../kernel/clock.js'
import { GatewayError } from '../kernel/errors.js'
import type { Logger } from '../telemetry/logger.js'
import { authorizing } from './authorizing.js'
import { caching, type Kept } from './caching.js'
import { isOver, outOfTime, type Received, startCall } from './call.js'
import { type Coalescing, coalescing } from './coalescing.js'
import { enveloping } from './envelope.js'
import { EpochBook } from './epochs.js'
import { invalidating } from './invalidating.js'
import { limiting } from './limiting.js'
import { observing } from './observing.js'
import type { Send } from './request.js'
import { retrying } from './retrying.js'
import { keepTokens } from './token-keeper.js'
import { type Credentials, fetchToken, type TokenVersion } from './tokens.js'
import { createTransport, type Transport } from './transport.js'

export interface UpstreamOptions {
  /** Origin without `/api`. */
  readonly baseUrl: string
  /** The gateway's own; absent where every caller brings theirs. */
  readonly credentials: Credentials | undefined
  readonly tokenVersion: TokenVersion
  /** One attempt, until its last byte. */
  readonly attemptTimeoutMs: number
  readonly maxConcurrency: number
  /** How old a kept answer may be; 0 keeps none. */
  readonly cacheTtlMs: number
  readonly clock: Clock
  readonly logger: Logger
}

export interface Upstream {
  /**
   * Reads share flights and the cache, are tried again, and end with the time of who waits for them. A write is sent
   * once (twice after a 401) and, once sent, runs to its end whatever its context's signal says; a rejection that is no
   * `UpstreamFailure` means that it was not sent.
   */
  readonly send: Send
  /** Cancels reads, waits for writes, closes every connection. */
  stop(): Promise<void>
}

const CACHE_BYTES_MAX = 64 * 1024 * 1024

export function createUpstream(options: UpstreamOptions): Upstream {
  const transport = createTransport()
  const stopping = new AbortController()
  const { step, stop } = createChain(options, transport, stopping.signal)
  const writes = new Set<Promise<Received>>()
  return {
    send: async (request, context) => {
      const call = startCall(context)
      if (stopping.signal.aborted) throw stopped()
      if (isOver(call)) throw outOfTime(call)
      const answer = step(request, call)
      if (request.method === 'GET') return answer
      writes.add(answer)
      return answer.finally(() => writes.delete(answer))
    },
    stop: async () => {
      stopping.abort()
      stop(stopped())
      await Promise.allSettled(writes)
      transport.close()
    },
  }
}

/** The order of the chain, outermost last. */
function createChain(options: UpstreamOptions, { exchange }: Transport, stopping: AbortSignal): Coalescing {
  const { baseUrl, credentials, tokenVersion, attemptTimeoutMs, maxConcurrency, cacheTtlMs, clock } = options
  const epochs = new EpochBook()
  const store = createMemoryStore<Kept>(CACHE_BYTES_MAX)
  const route = { exchange, baseUrl, tokenVersion, timeoutMs: attemptTimeoutMs, clock, signal: stopping }
  const merchant = credentials && {
    apiKey: credentials.apiKey,
    tokensOf: keepTokens(() => fetchToken({ ...route, credentials }), clock),
  }

  const asked = enveloping({ exchange, baseUrl, attemptTimeoutMs, clock })
  const authorized = authorizing(asked, merchant)
  const limited = limiting(authorized, maxConcurrency)
  const retried = retrying(limited, clock)
  const invalidated = invalidating(retried, epochs)
  const cached = caching(invalidated, { store, epochs, clock, ttlMs: cacheTtlMs })
  const shared = coalescing(cached, epochs)
  return { step: observing(shared.step, options), stop: shared.stop }
}

function stopped(): GatewayError {
  return new GatewayError('UPSTREAM_UNAVAILABLE', 'The gateway is stopping.')
}

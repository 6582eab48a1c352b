import type { Store } from '../../cache/store.js'
import type { Clock } from '../../kernel/clock.js'
import type { ParsedResponse, Step } from '../call.js'
import { toApiPath } from '../http/url.js'
import type { CallContext, FindCached, UpstreamRequest } from '../request.js'
import type { EpochBook, Mark } from './epochs.js'

/** A cached response and the data that decides whether it is still valid. */
export interface CachedResponse<T = unknown> {
  readonly response: ParsedResponse<T>
  readonly mark: Mark
  /** When it was requested, on the monotonic clock: its age counts from there. */
  readonly startedAtMs: number
  /** Epoch ms at which it goes out of date by itself. */
  readonly validUntilMs: number
}

export interface CachingParts {
  readonly store: Store<CachedResponse>
  readonly epochs: EpochBook
  readonly clock: Clock
  /** 0 turns the cache off. */
  readonly ttlMs: number
}

export interface Caching {
  readonly step: Step
  /** Undefined when the cache is off. */
  readonly findCached: FindCached | undefined
}

type Caller = Pick<CallContext, 'principal'>

/** Measured: a page of links takes 1.3 times its text as JSON values, and 2.5 times more as models beside them. */
const PARSED_PER_TEXT = 4

/**
 * Identical calls of one credential have the same key; no others do. An operation stands for one `parse`, so a key also
 * decides the type of its value.
 */
export function callKey({ operation, path, query }: UpstreamRequest<unknown>, { principal }: Caller): string {
  return JSON.stringify([principal.credential, operation, toApiPath(path, query)])
}

/**
 * Caches successful reads for a short while. A fresh read is always sent, and its response replaces the cached one. A
 * response that was requested before a write to one of its tags is neither cached nor served.
 */
export function caching(next: Step, parts: CachingParts): Caching {
  const { epochs, clock, ttlMs } = parts
  if (ttlMs === 0) return { step: next, findCached: undefined }
  const cache = new ResponseCache(parts)
  return {
    step: async (request, call) => {
      if (request.method !== 'GET') return next(request, call)
      const cached = request.freshness === 'shared' ? await cache.find(request, call) : undefined
      if (cached !== undefined) {
        call.trace.source = 'cache'
        return cached.response
      }
      const started = { mark: epochs.mark(), startedAtMs: clock.monotonicMs() }
      const response = await next(request, call)
      const validUntilMs = request.validUntil?.(response.value) ?? Number.POSITIVE_INFINITY
      await cache.put(request, call, { response, ...started, validUntilMs })
      return response
    },
    findCached: async (request, context) => {
      const cached = await cache.find(request, context)
      return cached && { value: cached.response.value, startedAtMs: cached.startedAtMs }
    },
  }
}

class ResponseCache {
  constructor(private readonly parts: CachingParts) {}

  async find<T>(request: UpstreamRequest<T>, caller: Caller): Promise<CachedResponse<T> | undefined> {
    const cached = await this.parts.store.get(callKey(request, caller))
    return cached !== undefined && this.#isValid(cached, request) ? (cached as CachedResponse<T>) : undefined
  }

  async put<T>(request: UpstreamRequest<T>, caller: Caller, cached: CachedResponse<T>): Promise<void> {
    if (!this.#isValid(cached, request)) return
    const { store } = this.parts
    const key = callKey(request, caller)
    // A fresh read may have overtaken this one.
    const other = await store.get(key)
    if (other !== undefined && other.startedAtMs > cached.startedAtMs) return
    await store.set(key, cached, cached.response.sizeBytes * PARSED_PER_TEXT)
  }

  #isValid(cached: CachedResponse, { tags }: UpstreamRequest<unknown>): boolean {
    const { clock, epochs, ttlMs } = this.parts
    const isYoung = clock.monotonicMs() - cached.startedAtMs < ttlMs
    return isYoung && clock.now() < cached.validUntilMs && epochs.isCurrent(tags, cached.mark)
  }
}

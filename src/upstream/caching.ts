import type { Store } from '../cache/store.js'
import type { Clock } from '../kernel/clock.js'
import type { Received, Step } from './call.js'
import type { EpochBook, Mark } from './epochs.js'
import type { CallContext, FindKept, UpstreamRequest } from './request.js'
import { toApiPath } from './url.js'

/** An answer and what it takes to know whether it is still one. */
export interface Kept {
  readonly answer: Received
  readonly mark: Mark
  /** Moment of the monotonic clock at which it was asked for: its age counts from there. */
  readonly startedAtMs: number
  /** Epoch ms from which it is no longer true by itself. */
  readonly trueUntilMs: number
}

export interface CachingParts {
  readonly store: Store<Kept>
  readonly epochs: EpochBook
  readonly clock: Clock
  /** 0 keeps nothing. */
  readonly ttlMs: number
}

export interface Caching {
  readonly step: Step
  /** Undefined where nothing is kept. */
  readonly findKept: FindKept | undefined
}

/** A parsed page of links was measured to take 1.25 times its text; titles beyond Latin take two bytes a character. */
const PARSED_PER_TEXT = 2

/** Which call this is, of whom: identical calls of one credential have the same key, others never. */
export function callKey({ path, query }: UpstreamRequest, { principal }: Pick<CallContext, 'principal'>): string {
  return JSON.stringify([principal.credential, toApiPath(path, query)])
}

/**
 * Keeps successful answers of reads for a short while. A fresh read is always sent, and what it brings is kept like any
 * other; an answer is neither kept nor given when one of its tags was written to since it was asked for.
 */
export function caching(next: Step, { store, epochs, clock, ttlMs }: CachingParts): Caching {
  if (ttlMs === 0) return { step: next, findKept: undefined }
  return {
    step: async (request, call) => {
      if (request.method !== 'GET') return next(request, call)
      const key = callKey(request, call)
      const kept = request.freshness === 'shared' ? await find(key, request) : undefined
      if (kept !== undefined) {
        call.trace.source = 'cache'
        return kept.answer
      }
      const asked = { mark: epochs.mark(), startedAtMs: clock.monotonicMs() }
      const answer = await next(request, call)
      const trueUntilMs = request.trueUntil?.(answer.body) ?? Number.POSITIVE_INFINITY
      await keep(key, { answer, ...asked, trueUntilMs }, request)
      return answer
    },
    findKept: async (request, context) => {
      const kept = await find(callKey(request, context), request)
      return kept && { ...kept.answer, startedAtMs: kept.startedAtMs }
    },
  }

  async function find(key: string, request: UpstreamRequest): Promise<Kept | undefined> {
    const kept = await store.get(key)
    return kept !== undefined && isUsable(kept, request) ? kept : undefined
  }

  function isUsable(kept: Kept, { tags }: UpstreamRequest): boolean {
    const isYoung = clock.monotonicMs() - kept.startedAtMs < ttlMs
    return isYoung && clock.now() < kept.trueUntilMs && epochs.isCurrent(tags, kept.mark)
  }

  async function keep(key: string, kept: Kept, request: UpstreamRequest): Promise<void> {
    if (!isUsable(kept, request)) return
    // A fresh read may have overtaken this one.
    const other = await store.get(key)
    if (other !== undefined && other.startedAtMs > kept.startedAtMs) return
    await store.set(key, kept, kept.answer.sizeBytes * PARSED_PER_TEXT)
  }
}

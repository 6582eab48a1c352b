import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { onSendHookHandler } from 'fastify'
import type { SocketLimits } from './limits.js'

/** Watches responses that are being sent. */
export interface UnreadResponses {
  readonly watch: onSendHookHandler
  stop(): void
}

/**
 * Cuts off callers who do not read: a response that makes no progress for `stallMs`, and, while all responses together
 * hold more than `unreadBytesMax`, the slowest ones.
 */
export function createUnreadResponses({ stallMs, unreadBytesMax }: SocketLimits): UnreadResponses {
  const unread = new Map<ServerResponse, Progress>()
  const checkMs = Math.min(1_000, stallMs / 20)
  const sweeping = setInterval(() => {
    for (const [response, progress] of unread) updateProgress(response, progress)
    cutOff([...unread].filter(([, { checks }]) => checks.stalled * checkMs >= stallMs))
    cutOff(excessOf(unread, unreadBytesMax))
  }, checkMs)
  return {
    watch(_request, reply, payload, next) {
      const bytes = typeof payload === 'string' ? Buffer.byteLength(payload) : 0
      unread.set(reply.raw, { bytes, written: -1, checks: { all: 0, stalled: 0 } })
      reply.raw.once('close', () => unread.delete(reply.raw))
      if (typeof payload !== 'string' || bytes <= CHUNK_BYTES) return next(null, payload)
      reply.header('content-length', bytes)
      next(null, Readable.from(chunksOf(Buffer.from(payload))))
    },
    stop: () => clearInterval(sweeping),
  }
}

interface Progress {
  readonly bytes: number
  written: number
  /** All checks so far, and how many in a row saw no progress. */
  readonly checks: { all: number; stalled: number }
}

type Entry = readonly [ServerResponse, Progress]

/** Responses are written in chunks: a single write would show no progress until it is done. */
const CHUNK_BYTES = 65_536

function* chunksOf(bytes: Buffer): Iterable<Buffer> {
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) yield bytes.subarray(start, start + CHUNK_BYTES)
}

function updateProgress({ socket }: ServerResponse, progress: Progress): void {
  const written = socket?.bytesWritten ?? progress.written
  progress.checks.all += 1
  progress.checks.stalled = written === progress.written ? progress.checks.stalled + 1 : 0
  progress.written = written
}

/** The longest stalled first, then the oldest. A response that has just started may be done in a moment: spared. */
function excessOf(unread: ReadonlyMap<ServerResponse, Progress>, bytesMax: number): Entry[] {
  let excess = [...unread.values()].reduce((sum, { bytes }) => sum + bytes, -bytesMax)
  const slowestFirst = [...unread].sort(([, a], [, b]) => b.checks.stalled - a.checks.stalled)
  return slowestFirst.filter(([, { bytes, checks }]) => {
    if (excess <= 0 || bytes === 0 || checks.all < 2) return false
    excess -= bytes
    return true
  })
}

function cutOff(entries: readonly Entry[]): void {
  for (const [response] of entries) response.socket?.destroy()
}

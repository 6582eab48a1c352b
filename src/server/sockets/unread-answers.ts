import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { onSendHookHandler } from 'fastify'
import type { SocketLimits } from './limits.js'

/** Watches the answers that are on their way out. */
export interface UnreadAnswers {
  readonly watch: onSendHookHandler
  stop(): void
}

/**
 * Cuts off who does not read: an answer of which no byte moves for `stallMs`, and, while all answers together hold more
 * than `unreadBytesMax`, those that move least.
 */
export function createUnreadAnswers({ stallMs, unreadBytesMax }: SocketLimits): UnreadAnswers {
  const goingOut = new Map<ServerResponse, GoingOut>()
  const lookMs = Math.min(1_000, stallMs / 20)
  const sweeping = setInterval(() => {
    for (const [response, answer] of goingOut) noteProgress(response, answer)
    cutOff([...goingOut].filter(([, { looks }]) => looks.still * lookMs >= stallMs))
    cutOff(excessOf(goingOut, unreadBytesMax))
  }, lookMs)
  return {
    watch(_request, reply, payload, next) {
      const bytes = typeof payload === 'string' ? Buffer.byteLength(payload) : 0
      goingOut.set(reply.raw, { bytes, written: -1, looks: { all: 0, still: 0 } })
      reply.raw.once('close', () => goingOut.delete(reply.raw))
      if (typeof payload !== 'string' || bytes <= PIECE_BYTES) return next(null, payload)
      reply.header('content-length', bytes)
      next(null, Readable.from(piecesOf(Buffer.from(payload))))
    },
    stop: () => clearInterval(sweeping),
  }
}

interface GoingOut {
  readonly bytes: number
  written: number
  /** How often it was looked at, and how often in a row nothing had moved. */
  readonly looks: { all: number; still: number }
}

type Entry = readonly [ServerResponse, GoingOut]

/** Of an answer that is written at once nobody sees how far it has come: so it is written in pieces. */
const PIECE_BYTES = 65_536

function* piecesOf(bytes: Buffer): Iterable<Buffer> {
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) yield bytes.subarray(start, start + PIECE_BYTES)
}

function noteProgress({ socket }: ServerResponse, answer: GoingOut): void {
  const written = socket?.bytesWritten ?? answer.written
  answer.looks.all += 1
  answer.looks.still = written === answer.written ? answer.looks.still + 1 : 0
  answer.written = written
}

/** Those that have stood still longest first, then the oldest. One that has just begun may be gone in a moment. */
function excessOf(goingOut: ReadonlyMap<ServerResponse, GoingOut>, bytesMax: number): Entry[] {
  let excess = [...goingOut.values()].reduce((sum, { bytes }) => sum + bytes, -bytesMax)
  const stillestFirst = [...goingOut].sort(([, a], [, b]) => b.looks.still - a.looks.still)
  return stillestFirst.filter(([, { bytes, looks }]) => {
    if (excess <= 0 || bytes === 0 || looks.all < 2) return false
    excess -= bytes
    return true
  })
}

function cutOff(entries: readonly Entry[]): void {
  for (const [response] of entries) response.socket?.destroy()
}

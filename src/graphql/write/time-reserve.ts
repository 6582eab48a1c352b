import { GatewayError } from '../../kernel/errors.js'
import type { RequestScope } from '../scope.js'

/**
 * Call it before a write, and before a read that only a write needs.
 * @param readMs how long the last fresh read took; 0 if unknown
 * @throws GatewayError WRITE_BUSY when the request has too little time left to send a write and read it back
 */
export function assertTimeToWrite(scope: RequestScope, readMs: number): void {
  const { signal, remainingMs } = scope.deadline
  if (signal.aborted || remainingMs() < reserveMs(scope, readMs)) throw writeBusy()
}

/** Milliseconds of the request's time that no write will need, however slow the upstream is. */
export function spareMs(scope: RequestScope): number {
  return Math.max(0, scope.deadline.remainingMs() - reserveMs(scope, Number.POSITIVE_INFINITY))
}

export function writeBusy(): GatewayError {
  return new GatewayError(
    'WRITE_BUSY',
    'The write did not get its lock, or had too little time left; nothing was sent.',
  )
}

/**
 * Eight times a fresh read, for the write and its read-back. At least a fifth of the request's time, however fast the read
 * was; at most two attempts, or three fifths of the request's time: a slow read must not prevent every write.
 */
function reserveMs({ services: { limits } }: RequestScope, readMs: number): number {
  const { upstreamTimeoutMs, requestTimeoutMs } = limits
  return Math.min(2 * upstreamTimeoutMs, 0.6 * requestTimeoutMs, Math.max(0.2 * requestTimeoutMs, 8 * readMs))
}

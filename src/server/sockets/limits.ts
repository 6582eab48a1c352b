/** Limits of a client connection; docs/limits.md explains them. */
export interface SocketLimits {
  /** Time for a whole request to arrive, from its first byte. */
  readonly arrivalMs: number
  /** Time a connection may stay open without a request. */
  readonly idleMs: number
  /** Pipelined requests that may wait behind the one being served. */
  readonly waitingMax: number
  /** Bytes of waiting requests; beyond it the socket is paused. */
  readonly waitingBytesMax: number
  /** Time a response may make no progress because its caller is not reading. */
  readonly stallMs: number
  /** Bytes of unread responses on all connections together. */
  readonly unreadBytesMax: number
  /** After the last response, how long and how much is still read from a caller who sends before reading. */
  readonly lingerMs: number
  readonly lingerBytesMax: number
  /** Time without a byte after which that caller counts as done sending. */
  readonly lingerQuietMs: number
  /** Delay before the first probe of a caller who has stopped sending. */
  readonly probeMs: number
}

export const SOCKET_LIMITS: SocketLimits = {
  arrivalMs: 30_000,
  idleMs: 72_000,
  waitingMax: 100,
  waitingBytesMax: 65_536,
  stallMs: 20_000,
  unreadBytesMax: 134_217_728,
  lingerMs: 10_000,
  lingerBytesMax: 67_108_864,
  lingerQuietMs: 1_000,
  probeMs: 300,
}

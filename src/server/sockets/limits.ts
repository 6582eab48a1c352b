/** What a connection may take of the gateway; docs/limits.md tells why. */
export interface SocketLimits {
  /** How long a whole request may take to arrive, from its first byte. */
  readonly arrivalMs: number
  /** How long a connection may ask nothing. */
  readonly idleMs: number
  /** Requests that may wait behind the one in work. */
  readonly waitingMax: number
  /** Bytes of them; while there are more, nothing more is read. */
  readonly waitingBytesMax: number
  /** How long an answer may stand still because nobody reads it. */
  readonly stallMs: number
  /** Bytes of the answers that are on their way out, of all connections together. */
  readonly unreadBytesMax: number
  /** How long, and how much, is read on after a last answer, for a caller who sends before reading. */
  readonly lingerMs: number
  readonly lingerBytesMax: number
  /** When no byte comes for so long meanwhile, the caller has sent everything. */
  readonly lingerQuietMs: number
  /** How soon a caller who will send no more is asked whether they are still there. */
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

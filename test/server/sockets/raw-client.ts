import { connect, type Socket } from 'node:net'

/** A client that sends raw bytes and shows what came back. */
export interface RawClient {
  readonly socket: Socket
  /** Starts reading, for a client opened with `reads: false`. */
  read(): void
  /** Everything received so far. */
  text(): string
  /** Statuses of the final responses received so far, in order. */
  statuses(): readonly number[]
  /** Resolves once the connection is closed, for any reason. */
  readonly closed: Promise<void>
}

export interface ClientOptions {
  /** When false, nothing is read until the test calls `read`. */
  readonly reads?: boolean
  /** When true, keeps sending after the other end has finished, until the connection is reset. */
  readonly isStubborn?: boolean
}

export function openClient(port: number, { reads = true, isStubborn = false }: ClientOptions = {}): RawClient {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: isStubborn })
  const chunks: Buffer[] = []
  const read = () => void socket.on('data', (chunk) => chunks.push(chunk))
  if (reads) read()
  // A reset is an expected way to end.
  socket.on('error', () => {})
  const text = () => Buffer.concat(chunks).toString()
  return {
    socket,
    read,
    text,
    statuses: () =>
      [...text().matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)).filter((n) => n >= 200),
    closed: new Promise((resolve) => socket.once('close', () => resolve())),
  }
}

/** A POST of JSON to `/graphql`. A `length` longer than the body makes an incomplete request. */
export function postText(body: string, more: { readonly length?: number; readonly headers?: string } = {}): string {
  const { length = Buffer.byteLength(body), headers = '' } = more
  return `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n${headers}\r\n${body}`
}

export function queryText(query: string): string {
  return postText(JSON.stringify({ query }))
}

/** Sends a piece every `everyMs` until the connection is closed. */
export function drip({ socket }: RawClient, piece: string, everyMs: number): void {
  const dripping = setInterval(() => socket.write(piece), everyMs)
  socket.once('close', () => clearInterval(dripping))
}

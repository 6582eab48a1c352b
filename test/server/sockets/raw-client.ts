import { connect, type Socket } from 'node:net'

/** A caller that sends bytes as it likes and shows what came back. */
export interface RawClient {
  readonly socket: Socket
  /** Begins to read, for a client that was opened not to. */
  read(): void
  /** Everything that came so far. */
  text(): string
  /** The statuses of the final answers that came so far, in their order. */
  statuses(): readonly number[]
  /** Resolves once the connection is over, however it ended. */
  readonly closed: Promise<void>
}

export interface ClientOptions {
  /** False: nothing is read until the test does it. */
  readonly reads?: boolean
  /** True: goes on sending when the other end has finished, until it is reset. */
  readonly isStubborn?: boolean
}

export function openClient(port: number, { reads = true, isStubborn = false }: ClientOptions = {}): RawClient {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: isStubborn })
  const chunks: Buffer[] = []
  const read = () => void socket.on('data', (chunk) => chunks.push(chunk))
  if (reads) read()
  // A reset is one of the ways to end.
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

/** A POST of JSON to `/graphql`; a body of another length than it says is one that is broken off. */
export function postText(body: string, more: { readonly length?: number; readonly headers?: string } = {}): string {
  const { length = Buffer.byteLength(body), headers = '' } = more
  return `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n${headers}\r\n${body}`
}

export function queryText(query: string): string {
  return postText(JSON.stringify({ query }))
}

/** Sends a piece again and again until the connection is over, at the pace given. */
export function drip({ socket }: RawClient, piece: string, everyMs: number): void {
  const dripping = setInterval(() => socket.write(piece), everyMs)
  socket.once('close', () => clearInterval(dripping))
}

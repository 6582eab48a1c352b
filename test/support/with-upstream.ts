import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type Clock, systemClock } from '../../src/kernel/clock.js'
import { createDeadline, type OwnedDeadline } from '../../src/kernel/deadline.js'
import { merchantPrincipal } from '../../src/kernel/principal.js'
import type { CallContext, UpstreamRequest } from '../../src/upstream/request.js'
import { createUpstream, type Upstream, type UpstreamOptions } from '../../src/upstream/send.js'

/** An upstream call as the server received it. */
export interface SeenCall {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** Resolves when the connection is closed. */
  readonly closed: Promise<void>
}

export type Answering = (call: SeenCall, response: ServerResponse, nth: number) => void | Promise<void>

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly fields: Readonly<Record<string, unknown>>
}

export interface TestUpstream {
  readonly origin: string
  /** Every call except those for a token. */
  readonly calls: readonly SeenCall[]
  readonly tokenCalls: readonly SeenCall[]
  readonly log: readonly LogLine[]
  /** Connections that are open right now. */
  connections(): Promise<number>
  /** A client of this server. It is stopped when the test ends. */
  client(options?: Partial<UpstreamOptions>): Upstream
}

export interface Routes {
  readonly answer: Answering
  /** By default it issues `token-1`, `token-2`, …, each valid for an hour. */
  readonly token?: Answering
}

/** Runs a test against a real HTTP server on the loopback interface, and closes everything it opened. */
export async function withUpstream(routes: Routes, run: (upstream: TestUpstream) => Promise<void>): Promise<void> {
  const calls: SeenCall[] = []
  const tokenCalls: SeenCall[] = []
  const log: LogLine[] = []
  const clients: Upstream[] = []
  const server = createServer(async (request, response) => {
    const seen = await see(request)
    const isToken = seen.path.includes('/access-token/')
    const list = isToken ? tokenCalls : calls
    list.push(seen)
    const answer = isToken ? (routes.token ?? answerToken) : routes.answer
    await answer(seen, response, list.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const keep = (level: LogLine['level']) => (fields: object) => void log.push({ level, fields: { ...fields } })
  const logger = { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') }
  const connections = () =>
    new Promise<number>((resolve, reject) =>
      server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
    )
  const client = (options: Partial<UpstreamOptions> = {}) => {
    const upstream = createUpstream({ ...DEFAULTS, baseUrl: origin, logger, ...options })
    clients.push(upstream)
    return upstream
  }
  try {
    await run({ origin, calls, tokenCalls, log, connections, client })
  } finally {
    for (const deadline of deadlines.splice(0)) deadline.release()
    await Promise.all(clients.map((upstream) => upstream.stop()))
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

export const CREDENTIALS = { apiKey: 'partner-key', clientId: 'client-id', clientSecret: 'client-secret' }

const DEFAULTS = {
  credentials: CREDENTIALS,
  tokenVersion: '1.1' as const,
  attemptTimeoutMs: 2000,
  maxConcurrency: 64,
  cacheTtlMs: 0,
  clock: systemClock,
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

export function success(response: ServerResponse, data: unknown = {}): void {
  json(response, 200, { status: 200, success: true, data })
}

export const answerToken: Answering = (_call, response, nth) =>
  success(response, { access_token: `token-${nth}`, token_type: 'Bearer', expires_in: '3600' })

/** Its parsed response is the whole body. */
export function read(overrides: Partial<UpstreamRequest<unknown>> = {}): UpstreamRequest<unknown> {
  const path = ['v1.0', 'payment-link-manage', 'ACCOUNT', '7']
  return {
    operation: 'link.show',
    method: 'GET',
    requires: { kind: 'public' },
    path,
    tags: ['link:7'],
    freshness: 'shared',
    parse: (body) => body,
    ...overrides,
  }
}

export function write(overrides: Partial<UpstreamRequest<unknown>> = {}): UpstreamRequest<unknown> {
  return { ...read(), operation: 'link.update', method: 'PUT', body: '{"status":"open"}', ...overrides }
}

const deadlines: OwnedDeadline[] = []

/** A caller with a time budget, which `leave` ends early. Its timer is released with the test's server. */
export function context(budgetMs = 5000, credential = 'merchant'): CallContext & { readonly leave: () => void } {
  const deadline = createDeadline(systemClock, budgetMs)
  deadlines.push(deadline)
  return { principal: { ...merchantPrincipal, credential }, requestId: 'request-1', deadline, leave: deadline.cancel }
}

/** The machine's clock, which a test can move forward. */
export class MovedClock implements Clock {
  readonly #bornMs = performance.now()
  #movedMs = 0

  constructor(private readonly startMs = Date.now()) {}

  now = () => this.startMs + performance.now() - this.#bornMs + this.#movedMs
  monotonicMs = () => performance.now() + this.#movedMs
  move(ms: number): void {
    this.#movedMs += ms
  }
}

/** The reason a promise was rejected with. Fails if it was not. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (value) => {
      throw new Error(`Expected a rejection, but got: ${JSON.stringify(value)}`)
    },
    (error: unknown) => error,
  )
}

/** Polls until the condition holds. Fails after ten seconds, which is more than a busy machine needs. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + WAIT_MS_MAX
  while (!(await holds())) {
    if (performance.now() > endsAt)
      throw new Error('Expected the condition to hold within ten seconds, but it did not.')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** One promise per connection, however many calls it carries. */
const closings = new WeakMap<Socket, Promise<void>>()

function closingOf(socket: Socket): Promise<void> {
  const closing = closings.get(socket) ?? new Promise<void>((resolve) => socket.once('close', () => resolve()))
  closings.set(socket, closing)
  return closing
}

async function see(request: IncomingMessage): Promise<SeenCall> {
  const closed = closingOf(request.socket)
  let body = ''
  for await (const chunk of request) body += chunk
  return { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body, closed }
}

const WAIT_MS_MAX = 10_000

/**
 * Holds every caller until the given number has arrived, so that work that must overlap does, however slow the machine is. Lets
 * go after ten seconds anyway, so that a test whose work never overlaps fails instead of hanging.
 */
export function barrier(count: number): () => Promise<void> {
  const all = gate()
  let arrived = 0
  let givingUp: NodeJS.Timeout | undefined
  return () => {
    arrived += 1
    givingUp ??= setTimeout(all.open, WAIT_MS_MAX)
    if (arrived >= count) {
      clearTimeout(givingUp)
      all.open()
    }
    return all.opened
  }
}

/** A promise and the function that resolves it. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

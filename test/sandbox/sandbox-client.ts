import { connect } from 'node:net'
import { onTestFinished } from 'vitest'
import { sandboxResources } from '../../src/resources/index.js'
import type { NewLink } from '../../src/resources/payment-link/sandbox/records.js'
import type { AccountRecord, MerchantCredentials } from '../../src/sandbox/directory.js'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.js'
import type { TestSandbox, TestSandboxOptions, TestWorld } from '../support/gateway.js'

/** 2026-05-08 14:30 in Jakarta. */
export const NOON = Date.parse('2026-05-08T14:30:00+07:00')

export const MAIN_ACCOUNT = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'
export const LINKS = '/api/v1.0/payment-link-manage'

export interface ClientResponse {
  readonly status: number
  readonly type: string | null
  readonly text: string
  /** The parsed body, or `undefined` when it is not JSON. */
  readonly body: unknown
}

/** A sandbox that stops with the test. */
export async function withSandbox(options: TestSandboxOptions = {}): Promise<TestSandbox> {
  const sandbox = await startSandbox({ resources: sandboxResources, ...options })
  onTestFinished(() => sandbox.stop())
  return sandbox
}

export async function request(url: string, init: RequestInit = {}): Promise<ClientResponse> {
  const response = await fetch(url, { redirect: 'manual', ...init })
  const text = await response.text()
  return { status: response.status, type: response.headers.get('content-type'), text, body: parsed(text) }
}

export async function requestToken(
  sandbox: Sandbox,
  { apiKey, clientId, clientSecret }: MerchantCredentials = sandbox.credentials,
): Promise<ClientResponse> {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
  return request(`${sandbox.url}/api/v1.0/access-token/b2b`, {
    method: 'POST',
    headers: { 'x-partner-id': apiKey, authorization: `Basic ${basic}`, 'content-type': 'application/json' },
    body: '{"grant_type":"client_credentials"}',
  })
}

export interface Client {
  readonly headers: Readonly<Record<string, string>>
  get(path: string): Promise<ClientResponse>
  put(path: string, body: unknown): Promise<ClientResponse>
}

/** Signs in as a merchant. */
export async function signIn(sandbox: Sandbox, credentials = sandbox.credentials): Promise<Client> {
  const token = String(at((await requestToken(sandbox, credentials)).body, 'data', 'access_token'))
  const headers = { authorization: `Bearer ${token}`, 'x-partner-id': credentials.apiKey }
  return {
    headers,
    get: (path) => request(`${sandbox.url}${path}`, { headers }),
    put: (path, body) => {
      const init = { method: 'PUT', headers: { ...headers, 'content-type': 'application/json' } }
      return request(`${sandbox.url}${path}`, { ...init, body: JSON.stringify(body) })
    },
  }
}

/** Calls a control route. */
export function control(sandbox: Sandbox, method: string, path: string, body?: unknown): Promise<ClientResponse> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  return request(`${sandbox.url}/__sandbox${path}`, init)
}

/** The value at a path in JSON of unknown shape. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], value)
}

/** One merchant with one account and these links. */
export function worldOf(account: Partial<AccountRecord>, links: readonly Partial<NewLink>[]): () => TestWorld {
  const record = {
    id: MAIN_ACCOUNT,
    key: 1,
    merchant: 'merchant',
    name: 'Toko',
    email: null,
    phone: null,
    status: 'active',
  }
  const owner = { ...record, ...account }
  const merchant = { name: 'merchant', apiKey: 'key', clientId: 'id', clientSecret: 'secret' }
  return () => ({
    merchants: [merchant],
    accounts: [owner],
    links: links.map((link) => ({ ...link, accountId: owner.id })),
  })
}

export interface RawResponse {
  readonly bytes: Buffer
  /** How many times bytes arrived. */
  readonly arrivals: number
  /** How the connection ended. */
  readonly end: 'closed' | 'ECONNRESET'
}

/** Sends a request over a bare socket, to see every byte and how the connection ends. */
export function rawGet(
  sandbox: Sandbox,
  path: string,
  { headers }: Pick<Client, 'headers'>,
  { method = 'GET', body = '' } = {},
): Promise<RawResponse> {
  const { hostname, port } = new URL(sandbox.url)
  const lines = Object.entries({ ...headers, host: hostname, connection: 'close', 'content-length': body.length })
  const head = [`${method} ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n')
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const finish = (end: RawResponse['end']): void =>
      resolve({ bytes: Buffer.concat(chunks), arrivals: chunks.length, end })
    connect(Number(port), hostname)
      .on('data', (chunk) => chunks.push(chunk))
      .on('end', () => finish('closed'))
      .on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ECONNRESET' ? finish('ECONNRESET') : reject(error),
      )
      .write(head + body)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { print } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UpdatePaymentLinkDocument } from '../../src/client/graphql.js'
import { buildGatewaySchema } from '../../src/graphql/schema/build-schema.js'
import { resources } from '../../src/resources/index.js'
import { startGatewayOver } from '../support/gateway.js'
import { SAMPLE_ACCOUNT as ACCOUNT, SAMPLES, sampleOperations } from '../support/sample-operations.js'

/*
 * Every upstream call, as a bare server sees it, against the documented ones: the token pages in `docs/upstream.md`, and the
 * pages of list, show and update. Reads are made from the schema, so a new field is asked for without an entry here.
 */
const LINK = JSON.parse(SAMPLES.ids['PaymentLink'] ?? '') as string
const CREDENTIALS = { apiKey: 'api-key-1', clientId: 'client-1', clientSecret: 'secret-1' }
const MANAGE = '/api/v1.0/payment-link-manage'

interface Seen {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

interface Row {
  readonly call: string
  readonly matches: (seen: Seen) => boolean
  /** The query parameters it must have, with the form of their values. */
  readonly query: Readonly<Record<string, RegExp>>
  /** Every header, except those that any HTTP client sends. */
  readonly headers: Readonly<Record<string, string | RegExp>>
  readonly body: (body: string) => void
  /** The documented response. A write changes what later reads show. */
  readonly respond: (call: Seen) => object
}

const noBody = (body: string) => expect(body).toBe('')
const grant = (body: string) => expect(JSON.parse(body)).toEqual({ grant_type: 'client_credentials' })
const authorized = {
  authorization: /^Bearer token-\d+$/,
  'x-partner-id': CREDENTIALS.apiKey,
  accept: 'application/json',
}
const json = { 'content-type': /^application\/json/ }

function signature(day: string): string {
  const { clientId, clientSecret } = CREDENTIALS
  return createHmac('sha512', clientSecret).update(`${clientId}_${clientSecret}_${day}`).digest('hex')
}

const isShow = ({ path }: Seen) => path === `${MANAGE}/${ACCOUNT}/${LINK}`

const CONTRACT: readonly Row[] = [
  {
    call: 'token, version 1.1',
    matches: ({ method, path }) => method === 'POST' && path === '/api/v1.1/access-token/b2b',
    query: {},
    headers: {
      ...json,
      accept: 'application/json',
      'x-partner-id': CREDENTIALS.apiKey,
      'x-client-id': CREDENTIALS.clientId,
      'x-signature': /^[0-9a-f]{128}$/,
    },
    body: grant,
    respond: token,
  },
  {
    call: 'token, version 1.0',
    matches: ({ method, path }) => method === 'POST' && path === '/api/v1.0/access-token/b2b',
    query: {},
    headers: {
      ...json,
      accept: 'application/json',
      'x-partner-id': CREDENTIALS.apiKey,
      authorization: `Basic ${Buffer.from(`${CREDENTIALS.clientId}:${CREDENTIALS.clientSecret}`).toString('base64')}`,
    },
    body: grant,
    respond: token,
  },
  {
    call: 'list',
    matches: ({ method, path }) => method === 'GET' && path === `${MANAGE}/${ACCOUNT}`,
    query: { page: /^[1-9]\d*$/, per_page: /^([1-9]\d?|100)$/ },
    headers: authorized,
    body: noBody,
    respond: list,
  },
  {
    call: 'show',
    matches: (seen) => seen.method === 'GET' && isShow(seen),
    query: {},
    headers: authorized,
    body: noBody,
    respond: () => success(row),
  },
  {
    call: 'payment methods',
    matches: ({ method, path }) => method === 'GET' && path === `${MANAGE}/payment-methods`,
    query: {},
    headers: authorized,
    body: noBody,
    respond: () => success({ payment_methods: [], available_codes: ['QRIS', 'VA_BRI'] }),
  },
  {
    call: 'update',
    matches: (seen) => seen.method === 'PUT' && isShow(seen),
    query: {},
    headers: { ...authorized, ...json },
    body: (body) => {
      const sent = JSON.parse(body) as Record<string, unknown>
      expect(sent).toEqual({
        status: 'closed',
        max_usage: 100,
        required_customer_detail: true,
        expired_at: '1780246799000',
        whitelisted_payment_method: ['QRIS'],
        redirect_url: 'https://merchant.example.com/done',
        optional_metadata: { invoice_number: 'INV20240513001' },
      })
      expect(sent['expired_at']).toMatch(/^\d{13}$/)
    },
    respond: ({ body }) => success(Object.assign(row, applied(JSON.parse(body) as Record<string, unknown>))),
  },
]

/** Headers that HTTP itself and every client add. */
const ANY_CLIENT = new Set([
  'host',
  'connection',
  'user-agent',
  'accept-encoding',
  'content-length',
  'transfer-encoding',
])

const seen: Seen[] = []
let row: Record<string, unknown>
let server: Server
let origin: string

beforeAll(async () => {
  row = {
    id: Number(LINK),
    reff_no: 'INV-1',
    title: 'Invoice',
    payment_url: 'https://pay.example.com/b2b/INV-1',
    status: 'open',
    status_computed: 'open',
    is_expired: false,
    required_customer_detail: true,
    max_usage: 100,
    current_usage: 0,
    total_amount: 150000,
    items: null,
    whitelisted_payment_method: null,
    expired_at: null,
    redirect_url: null,
    payment_date: null,
    created_at: '2026-05-08T14:30:00+07:00',
    updated_at: '2026-05-08T14:30:00+07:00',
    account: { id: ACCOUNT, name: 'Main' },
  }
  server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://upstream')
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const call = { method: request.method ?? '', path, query: Object.fromEntries(searchParams), headers, body }
    seen.push(call)
    const found = CONTRACT.find(({ matches }) => matches(call))
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(found?.respond(call) ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function applied(body: Record<string, unknown>): Record<string, unknown> {
  return { ...body, expired_at: new Date(Number(body['expired_at'])).toISOString() }
}

function rowOf(call: Seen): Row {
  const [found, ...others] = CONTRACT.filter(({ matches }) => matches(call))
  if (found === undefined || others.length > 0) {
    throw new Error(
      `${call.method} ${call.path} has no row: add it to CONTRACT in test/contract/upstream-calls.test.ts.`,
    )
  }
  return found
}

function success(data: unknown): object {
  return { status: 200, success: true, data }
}

function token(): object {
  return success({ access_token: `token-${seen.length}`, expires_in: '3600' })
}

function list(): object {
  const pagination = { total: 1, count: 1, perPage: 25, currentPage: 1, totalPages: 1, links: [] }
  return { ...success([{ ...row, optional_metadata: {} }]), pagination }
}

const schema = buildGatewaySchema(resources)
const READS = sampleOperations(schema).filter(({ field }) => field.startsWith('Query.'))

/** One operation for each mutation. Its documented body stands in CONTRACT. */
const WRITES = {
  'Mutation.updatePaymentLink': {
    document: UpdatePaymentLinkDocument,
    input: {
      accountId: ACCOUNT,
      id: LINK,
      status: 'CLOSED',
      expiredAt: '2026-05-31T23:59:59+07:00',
      whitelistedPaymentMethod: ['QRIS'],
      redirectUrl: 'https://merchant.example.com/done',
      optionalMetadata: { invoice_number: 'INV20240513001' },
    },
  },
} as const

/** Every root field, each through a gateway of its own that has read nothing yet. */
async function runEverything(tokenVersion: string): Promise<void> {
  for (const { text } of READS) await ask(text, {}, tokenVersion)
  for (const { document, input } of Object.values(WRITES)) {
    const data = await ask(print(document), { input }, tokenVersion)
    expect(JSON.stringify(data)).toContain('"userErrors":[]')
  }
}

async function ask(query: string, variables: object, tokenVersion: string): Promise<unknown> {
  const gateway = await startGatewayOver(origin, {
    LOG_LEVEL: 'silent',
    SINGAPAY_API_KEY: CREDENTIALS.apiKey,
    SINGAPAY_CLIENT_ID: CREDENTIALS.clientId,
    SINGAPAY_CLIENT_SECRET: CREDENTIALS.clientSecret,
    SINGAPAY_TOKEN_VERSION: tokenVersion,
  })
  const { data, errors } = await gateway.request(query, variables).finally(() => gateway.stop())
  seen.forEach(rowOf)
  expect([query, errors]).toEqual([query, undefined])
  return data
}

describe('the upstream calls that the gateway makes', () => {
  beforeAll(async () => {
    await runEverything('1.1')
    await runEverything('1.0')
  })

  it('has the upstream calls of every mutation: a new one adds its operation to WRITES and its calls to CONTRACT', () => {
    const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {}).map((field) => `Mutation.${field}`)
    expect(Object.keys(WRITES)).toEqual(mutations)
  })

  it.each(CONTRACT)('makes the documented upstream call for $call', ({ matches, query, headers, body }) => {
    const calls = seen.filter(matches)
    expect(calls.length).toBeGreaterThan(0)
    for (const call of calls) {
      expect(Object.keys(call.query).sort()).toEqual(Object.keys(query).sort())
      for (const [name, form] of Object.entries(query)) expect(call.query[name]).toMatch(form)
      const own = Object.keys(call.headers).filter((name) => !ANY_CLIENT.has(name))
      expect(own.sort()).toEqual(Object.keys(headers).sort())
      for (const [name, wanted] of Object.entries(headers)) {
        if (typeof wanted === 'string') expect(call.headers[name]).toBe(wanted)
        else expect(call.headers[name]).toMatch(wanted)
      }
      body(call.body)
    }
  })

  it('signs the token request with the date in Jakarta', () => {
    const day = (ms: number) =>
      new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Jakarta' }).format(ms).replaceAll('-', '')
    const sent = seen.find(({ path }) => path.startsWith('/api/v1.1/access-token'))?.headers['x-signature']
    expect([signature(day(Date.now())), signature(day(Date.now() - 60_000))]).toContain(sent)
  })

  it('puts no secret in the URL of an upstream call', () => {
    const addresses = seen.map(({ path, query }) => path + JSON.stringify(query)).join(' ')
    expect(addresses).not.toContain(CREDENTIALS.clientSecret)
    expect(addresses).not.toContain('token-')
  })
})

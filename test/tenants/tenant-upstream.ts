import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An upstream on loopback where every tenant has the same accounts and links, with different data in them. */
export interface TenantUpstream {
  readonly url: string
  readonly calls: () => number
  stop(): Promise<void>
}

export const ACCOUNTS = ['01HZ7N9K3R0F2QW3X4Y5Z6V7AB', '01K7P073Q8RE2A9PQT8Q7MXPN4'] as const
export const LINKS = [101, 102, 103, 104, 105, 106] as const

/** Each tenant shares one part of the credentials with the tenant before and the other with the one after. */
export function credentialsOf(tenant: number): { readonly authorization: string; readonly 'x-partner-id': string } {
  return {
    authorization: `Bearer token-${Math.floor(tenant / 2)}`,
    'x-partner-id': `partner-${Math.floor((tenant + 1) / 2)}`,
  }
}

/** Appears in every text of a tenant's data. */
function canaryOf(tenant: number): string {
  return `canary-${tenant}.`
}

export async function startTenantUpstream(tenants: number): Promise<TenantUpstream> {
  const tenantOf = new Map(
    Array.from({ length: tenants }, (_, tenant) => [JSON.stringify(credentialsOf(tenant)), tenant]),
  )
  const maxUsages = new Map<string, number>()
  let calls = 0
  const server = createServer(async (request, response) => {
    calls += 1
    const { authorization = '', 'x-partner-id': partnerId } = request.headers
    const tenant = tenantOf.get(JSON.stringify({ authorization, 'x-partner-id': partnerId }))
    if (tenant === undefined) return respond(response, 401, { status: 401, success: false })
    await serve(request, response, { tenant, maxUsages })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface Data {
  readonly tenant: number
  /** By tenant and link. */
  readonly maxUsages: Map<string, number>
}

async function serve(request: IncomingMessage, response: ServerResponse, data: Data): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://upstream')
  const [accountId = '', link] = pathname.split('/').slice(4)
  if (accountId === 'payment-methods') return success(response, { available_codes: ['QRIS'] })
  if (link === undefined) {
    const rows = LINKS.map((id) => rowOf(data, accountId, id))
    const pagination = { total: rows.length, count: rows.length, perPage: 25, currentPage: 1, totalPages: 1 }
    return respond(response, 200, { status: 200, success: true, data: rows, pagination })
  }
  if (request.method === 'PUT') {
    let body = ''
    for await (const chunk of request) body += chunk
    data.maxUsages.set(`${data.tenant}/${accountId}/${link}`, (JSON.parse(body) as { max_usage: number }).max_usage)
  }
  success(response, rowOf(data, accountId, Number(link)))
}

function rowOf({ tenant, maxUsages }: Data, accountId: string, id: number): object {
  const canary = canaryOf(tenant)
  return {
    id,
    reff_no: canary,
    title: canary,
    payment_url: `https://pay.example/${canary}`,
    status: 'open',
    status_computed: 'open',
    is_expired: false,
    required_customer_detail: false,
    max_usage: maxUsages.get(`${tenant}/${accountId}/${id}`) ?? 10,
    current_usage: 0,
    expired_at: null,
    total_amount: '1000.00',
    items: [{ name: canary, quantity: 1, unit_price: '1000', subtotal: '1000' }],
    whitelisted_payment_method: ['QRIS'],
    redirect_url: null,
    optional_metadata: { of: canary },
    payment_date: null,
    created_at: '2026-05-08T14:30:00+07:00',
    updated_at: '2026-05-08T14:30:00+07:00',
    account: { id: accountId, name: canary, email: null, phone: null, status: 'active' },
  }
}

function success(response: ServerResponse, data: unknown): void {
  respond(response, 200, { status: 200, success: true, data })
}

function respond(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

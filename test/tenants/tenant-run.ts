import { Agent, request as httpRequest } from 'node:http'
import { ACCOUNTS, credentialsOf, LINKS } from './tenant-upstream.js'

export interface TenantRun {
  /** Of the GraphQL endpoint. */
  readonly url: string
  readonly tenants: number
  readonly requests: number
  readonly seed: number
}

export interface TenantResults {
  readonly requests: number
  readonly seconds: number
  /** Responses with data of another tenant. */
  readonly leaks: number
  /** Responses with errors or without the tenant's own data. */
  readonly failures: readonly string[]
}

const CONCURRENCY = 64
/** Share of requests that are sent twice at the same time, so that calls are coalesced. */
const TWINS_PERCENT = 30
/** How many tenants send requests at any time, and how often that window passes over all tenants. */
const NEIGHBOURS = 100
const LAPS = 2
const FAILURES_MAX = 5

/** Interleaves the requests of all tenants and looks for one tenant's data in another's responses. */
export async function runTenants({ url, tenants, requests, seed }: TenantRun): Promise<TenantResults> {
  const agent = new Agent({ keepAlive: true, maxSockets: 2 * CONCURRENCY })
  const random = randomFrom(seed)
  const startedAtMs = performance.now()
  const failures: string[] = []
  let sent = 0
  let leaks = 0
  const one = async (tenant: number, query: string): Promise<void> => {
    const text = await post(url, agent, { query, headers: credentialsOf(tenant) })
    const seen = new Set([...text.matchAll(/canary-(\d+)\./g)].map(([, found]) => Number(found)))
    const isOwn = seen.delete(tenant)
    if (seen.size > 0) leaks += 1
    if ((!isOwn || text.includes('"errors"')) && failures.length < FAILURES_MAX) failures.push(text.slice(0, 300))
  }
  const work = async (): Promise<void> => {
    while (sent < requests) {
      // With more tenants at a time, hardly any request would repeat while its response is cached.
      const first = Math.floor((LAPS * tenants * sent) / requests)
      const tenant = (first + Math.floor(random() * NEIGHBOURS)) % tenants
      const query = queryFrom(random)
      const times = sent + 1 < requests && random() * 100 < TWINS_PERCENT ? 2 : 1
      sent += times
      await Promise.all(Array.from({ length: times }, () => one(tenant, query)))
    }
  }
  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, work))
  } finally {
    agent.destroy()
  }
  return { requests: sent, seconds: (performance.now() - startedAtMs) / 1000, leaks, failures }
}

function queryFrom(random: () => number): string {
  const account = ACCOUNTS[Math.floor(random() * ACCOUNTS.length)] ?? ''
  const pick = (): number => LINKS[Math.floor(random() * LINKS.length)] ?? 0
  const link = 'reffNo title account { name } optionalMetadata items { name } maxUsage'
  const kinds = [
    () => `{ paymentLink(accountId: "${account}", id: "${pick()}") { ${link} } }`,
    () => `{ paymentLinks(accountId: "${account}", first: 3) { nodes { ${link} } } }`,
    () => `{ account(id: "${account}") { name paymentLinks(first: 2) { nodes { title } } } }`,
    () =>
      `{ paymentLinksByKeys(keys: [${[pick(), pick(), pick()].map((id) => `{ accountId: "${account}", id: "${id}" }`)}]) { ${link} } }`,
    () => `{ accountsByIds(ids: [${ACCOUNTS.map((id) => `"${id}"`)}]) { name } }`,
  ]
  const update = `mutation { updatePaymentLink(input: { accountId: "${account}", id: "${pick()}", maxUsage: ${1 + Math.floor(random() * 1000)} }) { paymentLink { ${link} } userErrors { code } } }`
  const isUpdate = random() < 0.03
  return isUpdate ? update : (kinds[Math.floor(random() * kinds.length)]?.() ?? '')
}

function post(
  url: string,
  agent: Agent,
  { query, headers }: { readonly query: string; readonly headers: Readonly<Record<string, string>> },
): Promise<string> {
  const body = JSON.stringify({ query })
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', agent, headers: { ...headers, 'content-type': 'application/json' } }
    const request = httpRequest(url, options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve(text))
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** A small random number generator from 0 to 1 with a fixed seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

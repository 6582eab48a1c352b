import { type Audit, serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.js'
import { readPage, tableRows } from '../support/markdown.js'

/** Ids of audits for optional behaviour that this server does not have; docs/graphql-over-http.md says why. */
const NOTICES = ['5A70', 'D6D5', '6A70']

const AUDITS = 61

let gateway: TestGateway

beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.stop())

/** A request that a web page cannot send without a CORS preflight. */
const preflighted: typeof fetch = (input, init) =>
  fetch(input, { ...init, headers: { ...init?.headers, 'apollo-require-preflight': 'yes' } })

describe.each([
  ['as any client sends it', fetch, NOTICES],
  ['with a header that needs a preflight', preflighted, []],
] as const)('GraphQL over HTTP, %s', (_how, fetchFn, notices) => {
  const audits = serverAudits({ url: () => gateway.url, fetchFn })

  it.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s: %s', async (id, _name, audit) => {
    expect(await outcomeOf(audit)).toBe(notices.some((notice) => notice === id) ? 'notice' : 'ok')
  })

  it('runs every audit of graphql-http', () => {
    expect(audits.length).toBe(AUDITS)
    expect(notices.filter((notice) => !audits.some(({ id }) => id === notice))).toEqual([])
  })
})

describe('docs/graphql-over-http.md', () => {
  it('explains each audit that ends with a notice', () => {
    const rows = tableRows(readPage('docs/graphql-over-http.md'), 'Audit')
    expect(rows.map(([id]) => id)).toEqual(NOTICES)
  })
})

async function outcomeOf({ fn }: Audit): Promise<string> {
  const result = await fn()
  if (result.status === 'ok') return 'ok'
  return result.status === 'notice' ? 'notice' : `${result.status}: ${result.reason}`
}

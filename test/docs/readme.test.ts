import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { believableLinks } from '../../src/resources/payment-link/sandbox/seed.js'
import { DEFAULT_DIRECTORY } from '../../src/sandbox/directory.js'
import { askedIn, outputOf } from '../support/documented.js'
import { startTestGateway, type TestGateway, type TestGatewayOptions, type TestWorld } from '../support/gateway.js'
import { fencedBlocks, readPage, tableRows } from '../support/markdown.js'

const README = readPage('README.md')
const MAIN_ACCOUNT = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'

describe('the README', () => {
  it('the README has at most 200 lines', () => {
    expect(README.trimEnd().split('\n').length).toBeLessThanOrEqual(200)
  })

  it('the README has the two commands to start and to test', () => {
    const commands = fencedBlocks(README).map(({ text }) => text.trim())
    expect(commands).toEqual(expect.arrayContaining(['npm ci && npm start', 'npm ci && npm test']))
  })
})

const asked = askedIn(README)

describe('the examples of the README, run in order', () => {
  let gateway: TestGateway
  beforeAll(async () => {
    gateway = await startTestGateway({ env: { LOG_LEVEL: 'silent' } })
  })
  afterAll(() => gateway.stop())

  it('the examples of the README are a command and two mutations', () => {
    expect(asked.map(({ ask }) => ask.language)).toEqual(['sh', 'graphql', 'graphql'])
  })

  it.each(asked)('the README prints the response to $ask.text', async ({ ask, response }) => {
    if (ask.language === 'graphql') {
      expect(JSON.parse((await gateway.request(ask.text)).text)).toEqual(JSON.parse(response))
    } else {
      const command = ask.text.replace('http://127.0.0.1:4000/graphql', gateway.url)
      expect(command).not.toBe(ask.text)
      expect(await outputOf(command)).toBe(response)
    }
  })
})

interface Measured extends TestGatewayOptions {
  /** The first cell of its row in the README's table. */
  readonly row: string
  readonly query: (gateway: TestGateway) => string
  readonly callers?: number
}

const MEASURED: readonly Measured[] = [
  {
    row: 'one link, 30 times under aliases',
    query: ({ sandbox }) => linksQuery(Array.from({ length: 30 }, () => sandbox.linksOf(MAIN_ACCOUNT)[77])),
  },
  {
    row: '50 links scattered over an account of 200',
    query: ({ sandbox }) => linksQuery(sandbox.linksOf(MAIN_ACCOUNT).filter((_link, index) => index % 4 === 0)),
  },
  {
    row: '50 links of ten accounts, five of each',
    sandbox: { seed: tenAccounts },
    query: ({ sandbox }) => linksQuery(sandbox.accounts.flatMap(({ id }) => sandbox.linksOf(id).slice(3, 8))),
  },
  {
    row: "a page of 100 links, with the account's name under each",
    query: () => `{ paymentLinks(accountId: "${MAIN_ACCOUNT}", first: 100) { nodes { id account { name } } } }`,
  },
  {
    row: 'the same page, by 20 callers at once',
    // Long enough for the last caller on a busy machine.
    env: { CACHE_TTL_MS: '60000' },
    callers: 20,
    query: () => `{ paymentLinks(accountId: "${MAIN_ACCOUNT}") { nodes { id title } } }`,
  },
]

describe('the upstream calls in the README', () => {
  it('every row of the call table in the README is measured', () => {
    expect(tableRows(README, 'Asked for').map(([row]) => row)).toEqual(MEASURED.map(({ row }) => row))
  })

  it.each(MEASURED)(
    'the README has the right number of upstream calls for $row',
    async ({ row, query, callers = 1, env, sandbox }) => {
      const gateway = await startTestGateway({ env: { LOG_LEVEL: 'silent', ...env }, ...(sandbox ? { sandbox } : {}) })
      try {
        const text = query(gateway)
        const responses = await Promise.all(Array.from({ length: callers }, () => gateway.request(text)))
        expect(responses.map(({ errors }) => errors)).toEqual(responses.map(() => undefined))
        const calls = gateway.sandbox.log.entries.filter(({ operation }) => operation !== 'token')
        expect(tableRows(README, 'Asked for').find(([name]) => name === row)?.[2]).toBe(String(calls.length))
      } finally {
        await gateway.stop()
      }
    },
  )
})

interface LinkRef {
  readonly accountId: string
  readonly id: number
}

function linksQuery(links: readonly (LinkRef | undefined)[]): string {
  const fields = links.map((link, index) => {
    if (link === undefined) throw new Error('the sandbox has too few links')
    return `link${index}: paymentLink(accountId: "${link.accountId}", id: "${link.id}") { id title }`
  })
  return `{ ${fields.join('\n')} }`
}

/** Ten accounts of one merchant with 20 links each, which are those of the main account. */
function tenAccounts(nowMs: number): TestWorld {
  const { merchants, accounts } = DEFAULT_DIRECTORY
  const [model] = accounts
  if (model === undefined) throw new Error('the sandbox has no account')
  const many = Array.from({ length: 10 }, (_, index) => ({
    ...model,
    key: 100 + index,
    id: `${MAIN_ACCOUNT.slice(0, 25)}${index}`,
  }))
  const mainLinks = believableLinks(nowMs).filter(({ accountId }) => accountId === MAIN_ACCOUNT)
  return {
    merchants,
    accounts: many,
    links: mainLinks.map((link, index) => ({ ...link, accountId: many[index % 10]?.id ?? '' })),
  }
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startApp } from '../../src/app.js'
import { loadSettings } from '../../src/config/load.js'
import { createLogger } from '../../src/telemetry/logger.js'

const cleanups: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const FILES = {
  'links/list.graphql': `
    # What the list page shows.
    query Links($accountId: ID!) { paymentLinks(accountId: $accountId, first: 1) { nodes { ...Row } } }`,
  'links/row.graphql': 'fragment Row on PaymentLink { id, title } fragment Later on Account { id }',
  'account.graphql': 'query Account($id: ID!) { account(id: $id) { id } }',
  'readme.txt': 'query Other { __typename }',
}

const LINKS = 'query Links($accountId: ID!) { paymentLinks(accountId: $accountId, first: 1) { nodes { ...Row } } }'
const MORE = LINKS.replace('Links', 'More').replace('nodes {', 'totalCount nodes {')
const ROW = 'fragment Row on PaymentLink { id title }'

describe('trusted documents', () => {
  it.each([
    ['as they are written', `${LINKS} ${ROW}`],
    ['in another layout, with comments', `# mine\n${ROW}\n\n${LINKS.replaceAll(' ', '\n ,')}`],
    [
      'with the __typename that clients add',
      `${LINKS.replace('...Row', '...Row __typename')} ${ROW.replace('title', 'title __typename')}`,
    ],
  ])('runs trusted operations %s', async (_how, query) => {
    const { ask } = await start('enforce')
    expect(await ask(query)).toMatchObject({ status: 200, body: { data: { paymentLinks: { nodes: [{}] } } } })
  })

  it.each([
    ['one with another field', `${LINKS} ${ROW.replace('title', 'title status')}`],
    ['one with another argument', `${LINKS.replace('first: 1', 'first: 100')} ${ROW}`],
    ['one with another name', `${LINKS.replace('Links', 'Mine')} ${ROW}`],
    ['another operation beside a trusted one', `${LINKS} ${ROW} query Mine { __typename }`],
    ['an aliased __typename', `${LINKS.replace('...Row', '...Row x: __typename')} ${ROW}`],
    ['introspection', '{ __schema { queryType { name } } }'],
    ['an operation in a file without .graphql', 'query Other { __typename }'],
    ['an invalid document', '{ nothing }'],
    ['a fragment alone', ROW],
    ['a fragment that probes the schema', `${LINKS} ${ROW} fragment Probe on Query { nothing }`],
  ])('does not trust %s', async (_what, query) => {
    const { ask, log } = await start('enforce')
    const { status, body } = await ask(query)
    expect([status, body.errors?.map(({ extensions }) => extensions.code)]).toEqual([400, ['OPERATION_NOT_ALLOWED']])
    expect(log).toHaveLength(1)
  })

  it('runs and logs untrusted operations in log mode', async () => {
    const { ask, log } = await start('log')
    expect((await ask('query Mine { __typename }')).body).toEqual({ data: { __typename: 'Query' } })
    await ask(`${LINKS} ${ROW}`)
    expect(log).toEqual([{ operationName: 'Mine', operationHash: expect.stringMatching(/^[\da-f]{64}$/) }])
  })

  it('does not turn on automatic persisted queries', async () => {
    const { url } = await start('enforce')
    const sha256Hash = 'a'.repeat(64)
    const response = await post(url, { extensions: { persistedQuery: { version: 1, sha256Hash } } })
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }] })
  })

  it.each<[string, Readonly<Record<string, string>>]>([
    ['two copies of a fragment', { 'links.graphql': `${LINKS} ${ROW}`, 'more.graphql': `${MORE} ${ROW}` }],
    [
      'a copy in another layout and with comments',
      { 'links.graphql': `${LINKS} ${ROW}`, 'more.graphql': `# copied\n${ROW.replaceAll(' ', '\n')}\n${MORE}` },
    ],
    [
      'a copy with the __typename that clients add',
      { 'links.graphql': `${LINKS} ${ROW}`, 'more.graphql': `${MORE} ${ROW.replace('id', '__typename id')}` },
    ],
    [
      'a copy of the whole document',
      { 'a/links.graphql': `${LINKS} ${ROW}`, 'b/links.graphql': `${ROW} ${LINKS} ${MORE}` },
    ],
    ['copies within one file', { 'all.graphql': [LINKS, ROW, LINKS, ROW, MORE, ROW].join('\n') }],
  ])('accepts %s among trusted documents, as code generators write it', async (_how, files) => {
    const { ask } = await start('enforce', files)
    for (const operation of [LINKS, MORE]) {
      expect(await ask(`${operation} ${ROW}`)).toMatchObject({
        status: 200,
        body: { data: { paymentLinks: { nodes: [{}] } } },
      })
    }
  })

  it('accepts the same anonymous operation in two trusted files', async () => {
    const { ask } = await start('enforce', { 'a.graphql': '{ __typename }', 'b.graphql': '# again\n{ __typename }' })
    expect(await ask('{ __typename }')).toMatchObject({ status: 200 })
  })

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['has no operation', { 'a.txt': 'query A { __typename }' }, /no \*\.graphql file there has an operation/],
    ['has a file that cannot be parsed', { 'a.graphql': 'query {' }, /Syntax Error/],
    ['does not fit the schema', { 'a.graphql': 'query A { nothing }' }, /Cannot query field "nothing"/],
    [
      'has a file that is cut off',
      { 'a.graphql': 'query A { __typename }', 'b.graphql': 'query B {' },
      /b\.graphql:1: Syntax/,
    ],
    [
      'has a type definition',
      { 'a.graphql': 'query A { __typename }', 'b.graphql': 'type T { a: Int }' },
      /b\.graphql:1: The "T"/,
    ],
    ['spreads an unknown fragment', { 'a.graphql': 'query A { ...Gone }' }, /a\.graphql:1: Unknown fragment "Gone"/],
    [
      'has two operations of one name',
      { 'a.graphql': 'query A { __typename }', 'b.graphql': '\nquery A { a: __typename }' },
      /expected only one operation named "A", but got others in a\.graphql:1 and b\.graphql:2\./,
    ],
    [
      'has two anonymous operations',
      { 'a.graphql': '{ __typename }', 'b.graphql': '{ a: __typename }' },
      /This anonymous operation must be the only defined operation/,
    ],
    [
      'has two fragments of one name',
      { 'a.graphql': `${LINKS} ${ROW}`, 'b.graphql': ROW.replace('title', 'status') },
      /expected only one fragment named "Row", but got others in a\.graphql:1 and b\.graphql:1\./,
    ],
    [
      'has several problems',
      {
        'a.graphql': 'query A {',
        'b.graphql': 'query B { ...A } fragment C on Account { id }',
        'c.graphql': 'query C { nothing } fragment C on Account { name }',
      },
      /^TRUSTED_DOCUMENTS: a\.graphql.*\nTRUSTED_DOCUMENTS: expected only one fragment named "C".*\nTRUSTED_DOCUMENTS: c\.graphql:1: Cannot query field "nothing"[^\n]*$/,
    ],
  ])('refuses to start when the folder of trusted documents %s', async (_what, files, reason) => {
    await expect(start('enforce', files)).rejects.toThrow(/^TRUSTED_DOCUMENTS: /)
    await expect(start('enforce', files)).rejects.toThrow(reason)
  })

  it('refuses to start when the folder of trusted documents does not exist', async () => {
    await expect(startOver('/nowhere/at/all', 'log')).rejects.toThrow(/^TRUSTED_DOCUMENTS: ENOENT/)
  })
})

async function start(mode: 'log' | 'enforce', files: Readonly<Record<string, string>> = FILES) {
  const folder = mkdtempSync(join(tmpdir(), 'trusted-'))
  cleanups.push(() => rmSync(folder, { recursive: true }))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return startOver(folder, mode)
}

async function startOver(folder: string, mode: 'log' | 'enforce') {
  const loaded = loadSettings({
    SINGAPAY_BASE_URL: 'sandbox',
    PORT: '0',
    TRUSTED_DOCUMENTS: folder,
    TRUSTED_DOCUMENTS_MODE: mode,
  })
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'))
  const log: object[] = []
  const warn = (fields: object) => void log.push(fields)
  const app = await startApp(loaded.settings, { logger: { ...createLogger('silent'), warn } })
  cleanups.push(() => app.stop())
  return {
    url: app.url,
    log,
    ask: async (query: string) => {
      const variables = query.includes('$accountId') ? { accountId: app.tryAccountId } : {}
      const operationName = query.includes('query Mine') && query.includes('Links') ? 'Links' : undefined
      const response = await post(app.url, { query, variables, operationName })
      const body = (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] }
      return { status: response.status, body }
    },
  }
}

function post(url: string, body: object): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

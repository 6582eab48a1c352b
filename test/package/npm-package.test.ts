import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { type PackedPackage, packPackage, type Resolution } from './packed-package.js'

const PACK_TIMEOUT_MS = 120_000
const COMPILE_TIMEOUT_MS = 60_000
const RUN_TIMEOUT_MS = 60_000

let packed: PackedPackage

beforeAll(async () => {
  packed = await packPackage()
}, PACK_TIMEOUT_MS)
afterAll(() => packed.remove())

describe('the package', () => {
  it('packs the build, the schema and four pages, and nothing else', () => {
    const tops = new Set(files().map((path) => path.split('/')[0]))
    const pages = ['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md']
    expect([...tops].sort()).toEqual([...pages, 'dist', 'package.json', 'schema'])
    const expected = /\.(js|js\.map|d\.ts|graphql|md|json)$|^LICENSE$|^dist\/explorer\/.*\.\w+$/
    expect(files().filter((path) => !expected.test(path) || path.endsWith('.stamp'))).toEqual([])
    expect(files().filter((path) => path.startsWith('schema/releases'))).toEqual([])
  })

  it('packs every file that its exports name', () => {
    const named = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(entry),
    )
    expect(named.length).toBeGreaterThan(4)
    expect(named.filter((path) => !files().includes(path.slice('./'.length)))).toEqual([])
  })

  it('imports only packages among its dependencies', () => {
    const modules = files().filter((path) => /^dist\/(?!explorer\/).*\.(js|d\.ts)$/.test(path))
    const imported = modules.flatMap((path) =>
      [...read(path).matchAll(/(?:^import|^export|\bfrom|\bimport\()\s*['"]([^.'"][^'"]*)['"]/gm)].map(
        ([, name = '']) => name,
      ),
    )
    const packages = new Set(
      imported.filter((name) => !isBuiltin(name)).map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? ''),
    )
    expect(packages).toContain('fastify')
    expect([...packages].filter((name) => !Object.hasOwn(manifest.dependencies, name))).toEqual([])
  })

  it('includes the sources in its source maps', () => {
    const maps = files().filter((path) => path.endsWith('.map'))
    expect(maps.length).toBeGreaterThan(50)
    const whole = (path: string): boolean => {
      const { sources, sourcesContent } = JSON.parse(read(path)) as { sources: string[]; sourcesContent?: string[] }
      return sourcesContent?.length === sources.length
    }
    expect(maps.filter((path) => !whole(path))).toEqual([])
  })

  it.each(['schema', 'subgraph', 'stitching'])('exports %s.graphql as text', async (name) => {
    const text = `
      import { readFileSync } from 'node:fs'
      const url = new URL(import.meta.resolve('${manifest.name}/${name}.graphql'))
      process.stdout.write(readFileSync(url, 'utf8'))
    `
    expect(`${await packed.bareProject.run(text)}\n`).toBe(read(`schema/${name}.graphql`))
  })
})

const SHOWS_LINKS = `
  import {
    type DateTime,
    type Decimal,
    type PaymentLinkFieldsFragment,
    PaymentLinksDocument,
    PaymentLinksForwardDocument,
    type TypedDocumentNode,
    UpdatePaymentLinkDocument,
  } from '${manifest.name}/client'

  declare function ask<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data>
  export const page = { accountId: '01HZ7N9K3R0F2QW3X4Y5Z6V7AB' }
  export const change = { ...page, id: '344', maxUsage: 3, redirectUrl: null, status: 'CLOSED' } as const

  export async function shown(): Promise<string[]> {
    const { paymentLinks } = await ask(PaymentLinksDocument, { ...page, first: 25 })
    return (paymentLinks?.edges ?? []).flatMap((edge) => (edge?.node ? [show(edge.node)] : []))
  }

  export async function changed(): Promise<readonly string[]> {
    const { updatePaymentLink } = await ask(UpdatePaymentLinkDocument, { input: change })
    return updatePaymentLink?.userErrors.map(({ code, message }) => \`\${code}: \${message}\`) ?? []
  }

  export const next = (after: string | null) => ask(PaymentLinksForwardDocument, { ...page, after })

  const rupiah = new Intl.NumberFormat('id-ID', { style: 'currency', currency: 'IDR' })

  export function show(link: PaymentLinkFieldsFragment): string {
    const amount: Decimal = link.totalAmount
    const end: DateTime | null = link.expiredAt
    return \`\${link.title ?? link.reffNo}: \${rupiah.format(amount)} until \${end === null ? 'ever' : new Date(end)}\`
  }
`

const MISTAKES: readonly (readonly [line: string, complaint: RegExp])[] = [
  // Beyond 2^53 a number would have lost digits.
  ['ask(PaymentLinksForwardDocument, { accountId: 1 })', /'number' is not assignable to type 'string'/],
  ['ask(PaymentLinksForwardDocument, { first: 1 })', /'accountId' is missing/],
  ["ask(UpdatePaymentLinkDocument, { input: { ...change, status: 'UNKNOWN' } })", /"UNKNOWN".* is not assignable/],
  ["(link: PaymentLinkFieldsFragment) => link.status === 'PAID'", /no overlap/],
  ['(link: PaymentLinkFieldsFragment) => link.totalAmount.toFixed(2)', /'toFixed' does not exist/],
  ["(link: PaymentLinkFieldsFragment) => { link.title = 'x' }", /read-only/],
]

const EMBEDS = `
  import { loadSettings, type RunningApp, type Settings, startApp } from '${manifest.name}'

  const loaded = loadSettings({ SINGAPAY_BASE_URL: 'sandbox', PORT: '0', LOG_LEVEL: 'silent' })
  if (!loaded.ok) throw new Error(loaded.problems.join())
  const settings: Settings = loaded.settings
  const app: RunningApp = await startApp(settings)
  const response = await fetch(\`\${app.url}/graphql\`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: \`{ account(id: "\${app.tryAccountId}") { paymentLinks(first: 1) { totalCount } } }\` }),
  })
  console.log(await response.text())
  await app.stop()
`

describe.each<Resolution>(['node16', 'bundler'])('a strict project that resolves as %s', (resolution) => {
  let complaints: string[] = []

  beforeAll(async () => {
    const mistakes = MISTAKES.map(([line], index) => `export const mistake${index} = ${line}`)
    const modules = {
      'client.ts': SHOWS_LINKS,
      'embedder.ts': EMBEDS,
      'wrong.ts': [SHOWS_LINKS, ...mistakes].join('\n'),
    }
    complaints = await packed.project.complaints(modules, resolution)
  }, COMPILE_TIMEOUT_MS)

  it('compiles a project that uses the client and the gateway', () => {
    expect(complaints.filter((complaint) => !complaint.startsWith('wrong.ts: '))).toEqual([])
  })

  it('rejects each misuse of the client for its own reason', () => {
    expect(complaints.filter((complaint) => complaint.startsWith('wrong.ts: '))).toEqual(
      MISTAKES.map(([, complaint]) => expect.stringMatching(complaint)),
    )
  })
})

describe('the client', () => {
  it('loads the client without any other package, not even graphql', async () => {
    const names = await packed.bareProject.run(`
      import * as client from '${manifest.name}/client'
      console.log(Object.keys(client).sort().join())
    `)
    expect(names.split(',')).toEqual([
      'AccountDocument',
      'AccountFieldsFragmentDoc',
      'AccountsByIdsDocument',
      'PaymentLinkDocument',
      'PaymentLinkFieldsFragmentDoc',
      'PaymentLinkPageFragmentDoc',
      'PaymentLinksByKeysDocument',
      'PaymentLinksDocument',
      'PaymentLinksForwardDocument',
      'UpdatePaymentLinkDocument',
    ])
  })

  it('describes every field of a result in the types of the client', () => {
    const types = read('dist/client/graphql.d.ts')
    const bare = types
      .split('\n')
      .filter((line, at, lines) => /^\s+readonly \w+\??:/.test(line) && !/\*\/$/.test(lines[at - 1] ?? ''))
    expect(bare).toEqual([])
    expect(types).toContain('/** The status as stored (`status`); it stays OPEN after expiry. */')
  })
})

describe('the gateway in another program', () => {
  it(
    'starts, responds and stops inside another program',
    async () => {
      const response = await packed.project.run(EMBEDS)
      expect(JSON.parse(response)).toEqual({ data: { account: { paymentLinks: { totalCount: 200 } } } })
    },
    RUN_TIMEOUT_MS,
  )
})

function files(): string[] {
  return readdirSync(packed.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(packed.folder.length + 1))
}

function read(path: string): string {
  return readFileSync(`${packed.folder}/${path}`, 'utf8')
}

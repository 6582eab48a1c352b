import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadSettings } from '../../src/config/load.js'
import { printSubgraph } from '../../src/graphql/federation/subgraph.js'
import { buildGatewaySchema } from '../../src/graphql/schema/build-schema.js'
import { resources } from '../../src/resources/index.js'
import { createLogger } from '../../src/telemetry/logger.js'
import { askedIn, outputOf } from '../support/documented.js'
import { startGatewayOver, startTestGateway, type TestGateway } from '../support/gateway.js'
import { fencedBlocks, readPage, tableRows } from '../support/markdown.js'
import { CREDENTIALS, json, withUpstream } from '../support/with-upstream.js'

const lines: string[] = []
const logger = createLogger('info', { write: (line) => void lines.push(line) })

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway({ app: { logger } })
})
afterAll(() => gateway.stop())

/** The first JSON block of a page. */
function jsonOf(path: string): unknown {
  return JSON.parse(fencedBlocks(readPage(path)).find(({ language }) => language === 'json')?.text ?? '')
}

/** The request id differs each time. */
function withoutId(text: string): unknown {
  return JSON.parse(text.replaceAll(/"requestId":\s*"[^"]+"/g, '"requestId":"…"'))
}

describe('docs/graphql-over-http.md', () => {
  const page = readPage('docs/graphql-over-http.md')

  it.each(askedIn(page))('prints the response to $ask.text', async ({ ask, response }) => {
    const command = ask.text.replace('http://127.0.0.1:4000/graphql', gateway.url)
    expect(command).not.toBe(ask.text)
    expect(JSON.parse(await outputOf(command))).toEqual(JSON.parse(response))
  })

  it.each(tableRows(page, 'A GET with'))('prints the status of a GET with %s', async (what, status) => {
    const [name = '', value = ''] = /`([^`]+)`/.exec(what ?? '')?.[1]?.split(': ') ?? []
    const response = await fetch(`${gateway.url}?query={__typename}`, { headers: { [name]: value } })
    await response.arrayBuffer()
    expect(`${response.status}`).toBe(status)
  })

  it('docs/graphql-over-http.md has a command for each method and a row for each kind of GET', () => {
    expect(askedIn(page)).toHaveLength(2)
    expect(tableRows(page, 'A GET with').map(([, status]) => status)).toEqual([
      '200',
      '200',
      '200',
      '400',
      '415',
      '400',
    ])
  })
})

describe('docs/errors.md', () => {
  it('docs/errors.md prints an error as the gateway sends it', async () => {
    const [example] = askedIn(readPage('docs/errors.md'))
    const { apiKey, clientId, clientSecret } = CREDENTIALS
    const env = { SINGAPAY_API_KEY: apiKey, SINGAPAY_CLIENT_ID: clientId, SINGAPAY_CLIENT_SECRET: clientSecret }
    await withUpstream(
      { answer: (_, response) => json(response, 503, {}, { 'retry-after': '30' }) },
      async ({ origin }) => {
        const over = await startGatewayOver(origin, env)
        const { text } = await over.request(example?.ask.text ?? '').finally(() => over.stop())
        expect(withoutId(text)).toEqual(withoutId(example?.response ?? ''))
      },
    )
  })
})

describe('docs/limits.md', () => {
  it('docs/limits.md prints a refusal as the gateway sends it', async () => {
    const levels = 13
    const { text } = await gateway.request(`${'{ a '.repeat(levels)} ${'}'.repeat(levels)}`)
    expect(JSON.parse(text)).toMatchObject(jsonOf('docs/limits.md') as object)
  })
})

describe('docs/callers.md', () => {
  it('docs/callers.md prints an audit line as the gateway logs it', async () => {
    const example = jsonOf('docs/callers.md') as Record<string, unknown>
    const { accountId } = example as { accountId: string }
    const { id } = gateway.sandbox.insertLink({ accountId, maxUsage: 500 })
    const input = `{ accountId: "${accountId}", id: "${id}", maxUsage: 501, redirectUrl: null }`
    const { errors } = await gateway.request(`mutation { updatePaymentLink(input: ${input}) { userErrors { code } } }`)
    expect(errors).toBeUndefined()
    const line = lines.map((text) => JSON.parse(text) as object).find((each) => 'audit' in each) ?? {}
    expect(Object.keys(line)).toEqual(Object.keys(example))
    const { time, requestId } = example
    expect({ ...line, time, requestId }).toEqual({ ...example, caller: 'local', linkId: String(id) })
  })
})

describe('docs/composition.md', () => {
  it('docs/composition.md prints directives that the subgraph accepts', () => {
    const block = fencedBlocks(readPage('docs/composition.md')).find(({ language }) => language === 'ts')
    const subgraphSdl = /subgraphSdl: `([^`]+)`/.exec(block?.text ?? '')?.[1] ?? ''
    const shown = resources.map((resource) =>
      resource.name === 'payment-link' ? { ...resource, subgraphSdl } : resource,
    )
    const sdl = printSubgraph(buildGatewaySchema(shown), shown)
    for (const extension of ['enum PaymentLinkStatus @tag(name: "public")', 'scalar Decimal @tag(name: "money")']) {
      expect(sdl).toContain(`extend ${extension}`)
    }
  })
})

describe('docs/trusted-documents.md', () => {
  it('docs/trusted-documents.md prints settings that load', () => {
    const [block] = fencedBlocks(readPage('docs/trusted-documents.md'))
    const given = [...(block?.text ?? '').matchAll(/^(\w+)=(\S+)/gm)].map(([, name = '', value = '']) => [name, value])
    expect(given.map(([name]) => name)).toEqual([
      'TRUSTED_DOCUMENTS',
      'TRUSTED_DOCUMENTS_MODE',
      'TRUSTED_DOCUMENTS_MODE',
    ])
    const [[, folder = ''] = [], ...modes] = given
    for (const [, mode = ''] of modes) {
      const env = { SINGAPAY_BASE_URL: 'sandbox', TRUSTED_DOCUMENTS: folder, TRUSTED_DOCUMENTS_MODE: mode }
      expect(loadSettings(env)).toMatchObject({ ok: true, settings: { trustedDocuments: { folder, mode } } })
    }
  })
})

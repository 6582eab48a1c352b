import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.js'
import { post } from './http-executor.js'
import { startOrdersSubschema } from './orders-subschema.js'
import type { Service } from './serve.js'

const EXAMPLES = fileURLToPath(new URL('..', import.meta.url))
const PAGE = readFileSync(new URL('../../docs/composition.md', import.meta.url), 'utf8')
const BLOCKS = [...PAGE.matchAll(/^```js\n(.*?)^```$/gms)].map(([, text = '']) => text)

let gateway: Gateway
let orders: Service
let accountId: string
let id: string
beforeAll(async () => {
  gateway = await startGateway()
  accountId = gateway.accountId
  const { data } = await post<{ paymentLinks: { nodes: { id: string }[] } }>(gateway.url, {
    query: `{ paymentLinks(accountId: "${accountId}", first: 1) { nodes { id } } }`,
  })
  id = data?.paymentLinks.nodes[0]?.id ?? ''
  orders = await startOrdersSubschema([
    { id: '1', total: '20000.00', paymentLink: { accountId, id }, account: { id: accountId } },
  ])
})
afterAll(async () => {
  await orders?.stop()
  await gateway?.stop()
})

/** Runs a block as printed, followed by `after`, in a folder that can resolve the packages. */
async function run(block: string, after: string): Promise<unknown> {
  const folder = mkdtempSync(join(EXAMPLES, '.documented-'))
  try {
    writeFileSync(join(folder, 'snippet.mjs'), block)
    writeFileSync(join(folder, 'main.mjs'), `import * as snippet from './snippet.mjs'\n${after}`)
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'main.mjs')])
    return JSON.parse(stdout) as unknown
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The block of the page that exports this name. */
function blockWith(name: string): string {
  const found = BLOCKS.filter((block) => new RegExp(`^export (const|function) ${name}\\b`, 'm').test(block))
  expect(found).toHaveLength(1)
  const [block = ''] = found
  return block
    .replace('http://127.0.0.1:4000/graphql', gateway.url)
    .replace('http://127.0.0.1:4001/graphql', orders.url)
}

describe('docs/composition.md', () => {
  it('has no code block that is not run here, except the one for Mercurius', () => {
    const exported = BLOCKS.map((block) => /^export (?:const|function) (\w+)/m.exec(block)?.[1])
    expect(exported).toEqual(['gatewayConfig', 'renamedSubschema', undefined, 'schema', 'sdl'])
    // Mercurius is not a dependency of the examples.
    expect(BLOCKS[2]).toMatch(/^const paymentLinks = \{/)
  })

  it('stitches a schema with the printed code', async () => {
    const query = '{ orders(ids: ["1"]) { paymentLink { reffNo orders { id } } account { name } } }'
    const answer = await run(
      blockWith('schema'),
      `import { graphql } from 'graphql'
       const { schema } = snippet
       console.log(JSON.stringify(await graphql({ schema, source: ${JSON.stringify(query)} })))`,
    )
    const order = {
      paymentLink: { reffNo: expect.any(String), orders: [{ id: '1' }] },
      account: { name: expect.any(String) },
    }
    expect(answer).toEqual({ data: { orders: [order] } })
  })

  it('reads the stitchable schema from the package', async () => {
    const sdl = await run(blockWith('sdl'), 'console.log(JSON.stringify(snippet.sdl))')
    expect(sdl).toBe((await post<{ _sdl: string }>(gateway.url, { query: '{ _sdl }' })).data?._sdl)
  })

  it('renames types whose names another team uses', async () => {
    const answer = await run(
      blockWith('renamedSubschema'),
      `import { stitchSchemas } from '@graphql-tools/stitch'
       import { buildSchema, graphql, print } from 'graphql'
       const post = async (query, variables) => (await fetch(${JSON.stringify(gateway.url)}, {
         method: 'POST',
         headers: { 'content-type': 'application/json' },
         body: JSON.stringify({ query, variables }),
       })).json()
       const { data } = await post('{ _sdl }')
       const links = { schema: buildSchema(data._sdl), executor: (asked) => post(print(asked.document), asked.variables) }
       const theirs = { schema: buildSchema('type Query { me: Account } type Account { login: String } type Item { sku: ID }') }
       const schema = stitchSchemas({ subschemas: [snippet.renamedSubschema(links), theirs] })
       const source = ${JSON.stringify(`{
         account(id: "${accountId}") { __typename name }
         paymentLink(accountId: "${accountId}", id: "${id}") { account { __typename } items { __typename } }
         __type(name: "Account") { fields { name } }
       }`)}
       console.log(JSON.stringify(await graphql({ schema, source })))`,
    )
    expect(answer).toMatchObject({
      data: {
        account: { __typename: 'MerchantAccount', name: expect.any(String) },
        paymentLink: { account: { __typename: 'MerchantAccount' } },
        __type: { fields: [{ name: 'login' }] },
      },
    })
    expect(answer).not.toHaveProperty('errors')
  })

  it.each([
    ['mutation { updatePaymentLink(input: { accountId: "a", id: "1" }) { __typename } }', 1],
    ['{ account(id: "a") { name } }', 3],
  ])('makes Hive Gateway send %s this many times: %i', async (query, times) => {
    const sent = await run(
      blockWith('gatewayConfig'),
      `import { once } from 'node:events'
       import { readFileSync } from 'node:fs'
       import { createServer } from 'node:http'
       import { composeServices } from '@apollo/composition'
       import { createGatewayRuntime } from '@graphql-hive/gateway-runtime'
       import { parse, print } from 'graphql'
       let sent = 0
       const down = createServer((request, response) => {
         sent += 1
         response.writeHead(503, { 'content-type': 'application/json' }).end('{"errors":[{"message":"down"}]}')
       }).listen(0, '127.0.0.1')
       await once(down, 'listening')
       const url = 'http://127.0.0.1:' + down.address().port
       const file = new URL(import.meta.resolve('singapay-payment-link-gateway/subgraph.graphql'))
       const { supergraphSdl: supergraph } = composeServices([{ name: 'links', url, typeDefs: parse(readFileSync(file, 'utf8')) }])
       const getSubgraphExecutor = () => async ({ document, variables }) => {
         const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ query: print(document), variables }) })
         if (!answer.ok) throw new Error('down')
       }
       const gateway = createGatewayRuntime({ ...snippet.gatewayConfig, supergraph, transports: { http: { getSubgraphExecutor } }, logging: false })
       const body = JSON.stringify({ query: ${JSON.stringify(query)} })
       await (await gateway.fetch('http://gateway/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).text()
       await gateway.dispose()
       down.close()
       console.log(sent)`,
    )
    expect(sent).toBe(times)
  })

  it.each<[string, string, RegExp | undefined]>([
    [
      'fails if a field exists in both',
      'type Account @key(fields: "id") { id: ID! name: String }',
      /^Non-shareable field "Account\.name"/,
    ],
    ['silently merges the two types otherwise', 'type Account @key(fields: "id") { id: ID! login: String }', undefined],
    ['silently merges scalars', 'scalar DateTime', undefined],
  ])('is right about names in Federation: composition %s', (_what, theirs, message) => {
    const sdl = readFileSync(new URL('../../schema/subgraph.graphql', import.meta.url), 'utf8')
    const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])'
    const { errors } = composeServices([
      { name: 'links', url: 'http://127.0.0.1/links', typeDefs: parse(sdl) },
      {
        name: 'theirs',
        url: 'http://127.0.0.1/theirs',
        typeDefs: parse(`${link} type Query { theirs: ID } ${theirs}`),
      },
    ])
    if (message === undefined) expect(errors).toBeUndefined()
    else expect(errors?.map((error) => error.message).join()).toMatch(message)
  })
})

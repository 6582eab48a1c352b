import { readFileSync } from 'node:fs'
import { getNamedType, getOperationAST, isObjectType, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { createCostOf, type OperationCost, type Variables } from '../../src/admission/operation-cost.js'
import { SETTINGS, type Setting } from '../../src/config/settings.js'
import { buildServedSchema, servedPricing } from '../../src/graphql/schema/served-schema.js'
import { resources } from '../../src/resources/index.js'
import { SOCKET_LIMITS } from '../../src/server/sockets/limits.js'

const page = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8')
const schema = buildServedSchema(resources)

function costOf(query: string, variables: Variables = {}): OperationCost {
  const document = parse(query)
  const operation = getOperationAST(document)
  if (!operation) throw new Error('expected an operation')
  const pricing = servedPricing(resources)
  return createCostOf({ document, schema, pricing, jsonBytes: 16_384 })(operation, variables)
}

/** So many keys of each of so many accounts. */
function keysOf(accounts: number, each: number): string[] {
  return Array.from({ length: accounts * each }, (_, n) => `accountId: "${n % accounts}", id: "${n}"`)
}
const keys = (accounts: number, each: number, fields = ''): string =>
  `{ paymentLinksByKeys(keys: [${keysOf(accounts, each).map((key) => `{ ${key} }`)}]) { id ${fields} } }`
const references = (accounts: number, each: number, fields = ''): string => {
  const of = keysOf(accounts, each).map((key) => `{ __typename: "PaymentLink", ${key} }`)
  return `{ _entities(representations: [${of}]) { ... on PaymentLink { id ${fields} } } } fragment F on Account { name }`
}
const list = (args: string): string => `{ paymentLinks(accountId: "a"${args}) { totalCount } }`

describe('docs/limits.md', () => {
  it('has the defaults of the settings', () => {
    const rows = [...page.matchAll(/^\| `(MAX_[A-Z_]+)` \| (\d+) \|/gm)].map(([, name, value]) => [name, value])
    const limits = Object.values<Setting<unknown>>(SETTINGS).filter(
      ({ name, isBuilt }) => isBuilt !== false && /^MAX_(?!BODY|METADATA)/.test(name),
    )
    expect(rows.sort()).toEqual(limits.map(({ name, default: value }) => [name, value]).sort())
  })

  it.each<[string, number, string]>([
    ['account', 1, '{ account(id: "a") { name } }'],
    ['accountsByIds', 3, '{ accountsByIds(ids: ["a", "b", "c"]) { name } }'],
    ['paymentLink', 1, '{ paymentLink(accountId: "a", id: "1") { account { id } } }'],
    ['paymentLink with facts of its account', 2, '{ paymentLink(accountId: "a", id: "1") { account { name } } }'],
    ['one key of each of 100 accounts', 100, keys(100, 1)],
    ['two keys of one account', 3, keys(1, 2)],
    ['16 keys of one account', 32, keys(1, 16)],
    ['100 keys of one account', 32, keys(1, 100)],
    ['50 keys of each of two accounts with their names', 2 * 33, keys(2, 50, 'account { name }')],
    [
      'keys of one account in several fields',
      2 * 3,
      `{ ...K b: paymentLink(accountId: "0", id: "9") { id } } fragment K on Query ${keys(1, 2)}`,
    ],
    ['one key with its metadata', 16, keys(1, 1, 'optionalMetadata')],
    ['four keys of one account with metadata and names', 19, keys(1, 4, 'optionalMetadata account { name }')],
    ['100 keys of one account with metadata', 47, keys(1, 100, 'data: optionalMetadata')],
    ['50 references to links of ten accounts with metadata', 200, references(10, 5, 'optionalMetadata')],
    [
      'a page with the metadata of its links',
      4,
      '{ paymentLinks(accountId: "a", first: 100) { nodes { optionalMetadata } } }',
    ],
    ['a list without arguments', 1, list('')],
    ['first: 26', 2, list(', first: 26')],
    ['first: 100', 4, list(', first: 100')],
    ['first: 25 with offset', 2, list(', first: 25, offset: 7')],
    ['last: 25', 1 + 2 * 3, list(', last: 25')],
    ['first: 25 with after', 3 + 15 + 4, list(', first: 25, after: "x"')],
    ['last: 25 with before', 3 + 15 + 7, list(', last: 25, before: "x"')],
    ['first: 25 with both cursors', 2 * (3 + 15) + 4, list(', first: 25, after: "x", before: "y"')],
    [
      'updatePaymentLink',
      35,
      'mutation { updatePaymentLink(input: { accountId: "a", id: "1" }) { userErrors { code } } }',
    ],
    ['one reference to a link of each of 101 accounts', 101, references(101, 1)],
    ['the same with the names of the accounts', 202, references(101, 1, 'account { ...F }')],
    ['two references to links of each of 60 accounts', 180, references(60, 2)],
    ['1000 references to links of six accounts', 6 * 32, references(6, 167)],
    [
      'references to two accounts, one of them twice',
      2,
      `{ _entities(representations: [${['a', 'b', 'a'].map((id) => `{ __typename: "Account", id: "${id}" }`).join(' ')}]) { __typename } }`,
    ],
    [
      'the example at the limit',
      200,
      `{ accountsByIds(ids: [${Array.from({ length: 40 }, (_, n) => `"${n}"`)}]) { paymentLinks(first: 100) { totalCount } } }`,
    ],
  ])('is right about %s', (_what, calls, query) => {
    expect(costOf(query).upstreamCalls).toBe(calls)
  })

  it.each<[string, string]>([
    ['`optionalMetadata`', 'optionalMetadata'],
    ['`redirectUrl`', 'redirectUrl'],
    ['`whitelistedPaymentMethod`', 'whitelistedPaymentMethod'],
    ['`title`', 'title'],
    ['every other text', 'reffNo'],
    ['every other leaf', 'createdAt'],
  ])('is right about the bytes of %s', (what, field) => {
    const cell = page
      .split('\n')
      .find((line) => line.startsWith(`| ${what}`))
      ?.split(' | ')[1]
    const told = cell?.startsWith('`MAX_METADATA_BYTES`') ? 16_384 : Number.parseInt(cell ?? '', 10)
    const bytes = (fields: string) => costOf(`{ paymentLink(accountId: "a", id: "1") { ${fields} } }`).responseBytes
    const hasResolver = fieldOf('PaymentLink', field)?.resolve !== undefined
    const error = hasResolver ? 640 + `paymentLink${field}`.length + 2 * 8 : 0
    expect(bytes(`id ${field}`) - bytes('id')).toBe(told + field.length + 6 + error)
  })

  it('has the bounds of connections', () => {
    const [, table = ''] = page.split('## Connections')
    const told = [...(table.split('- The times')[0] ?? '').matchAll(/(\d+)(?: (s|ms))?\b/g)].map(([, figure, unit]) =>
      unit === 's' ? Number(figure) * 1_000 : Number(figure),
    )
    expect(told).toEqual(expect.arrayContaining(Object.values(SOCKET_LIMITS)))
  })

  it('is right about the megabytes of whole links, and that the default lets them pass', () => {
    const link = allFieldsOf('PaymentLink')
    const ids = Array.from({ length: 10 }, (_, n) => `"${n}"`)
    const pages = `{ accountsByIds(ids: [${ids}]) { paymentLinks(first: 100) { totalCount edges { cursor node ${link} } } } }`
    const references = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on PaymentLink ${link} } }`
    const of = Array.from({ length: 1_000 }, () => ({ __typename: 'PaymentLink' }))
    const weights = [costOf(pages), costOf(references, { of })].map(({ responseBytes }) => responseBytes)
    const told = [...page.matchAll(/\(([\d.]+) MB\)/g)].map(([, megabytes]) => megabytes)
    expect(told).toEqual(weights.map((weight) => (weight / 1e6).toFixed(1)))
    expect(Math.max(...weights)).toBeLessThan(Number(SETTINGS.maxAnswerBytes.default))
  })
})

function fieldOf(typename: string, name: string) {
  const type = schema.getType(typename)
  return isObjectType(type) ? type.getFields()[name] : undefined
}

/** Of an account inside a link all but its links. */
function allFieldsOf(name: string): string {
  const type = schema.getType(name)
  const fields = isObjectType(type) ? Object.values(type.getFields()) : []
  const asked = fields
    .filter((field) => field.name !== 'paymentLinks')
    .map((field) => {
      const below = getNamedType(field.type)
      return isObjectType(below) ? `${field.name} ${allFieldsOf(below.name)}` : field.name
    })
  return `{ ${asked.join(' ')} }`
}

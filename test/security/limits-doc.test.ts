import { getNamedType, isObjectType } from 'graphql'
import { describe, expect, it } from 'vitest'
import { SETTINGS, type Setting } from '../../src/config/settings.js'
import { servedPricing } from '../../src/graphql/schema/served-schema.js'
import { resources } from '../../src/resources/index.js'
import { SOCKET_LIMITS } from '../../src/server/sockets/limits.js'
import { readPage, tableRows } from '../support/markdown.js'
import { selectionOf } from '../support/sample-operations.js'
import { costOf, METADATA_BYTES, servedSchema } from '../support/static-cost.js'

const page = readPage('docs/limits.md')

/** Keys of links, the same number for each account. */
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
    const rows = tableRows(page, 'Setting').flatMap(([setting = '', value]) =>
      /^`MAX_(?!BODY)/.test(setting) ? [[setting, value]] : [],
    )
    const limits = Object.values<Setting<unknown>>(SETTINGS).filter(
      ({ name, isBuilt }) => isBuilt !== false && /^MAX_(?!BODY|METADATA)/.test(name),
    )
    expect(rows.sort()).toEqual(limits.map(({ name, default: value }) => [`\`${name}\``, `${value}`]).sort())
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
  ])('prices %s at %i upstream calls', (_what, calls, query) => {
    expect(costOf(query).upstreamCalls).toBe(calls)
  })

  it.each([
    ['a `JSONObject`: `optionalMetadata`', 'optionalMetadata', METADATA_BYTES + errorBytes('optionalMetadata')],
    ['every other text', 'reffNo', 128],
    ['every other leaf', 'createdAt', 48],
  ])('weighs %s', (what, field, expected) => {
    const [, bytes] = tableRows(page, 'What').find(([cell]) => cell === what) ?? []
    expect(bytes).toBe(field === 'optionalMetadata' ? '`MAX_METADATA_BYTES`' : String(expected))
    expect(weightOf(field)).toBe(expected + field.length + 6)
  })

  it('weighs each field of a link that has a size of its own', () => {
    const sized = Object.entries(servedPricing(resources).costs).flatMap(([field, cost]) => {
      const [type, name = ''] = field.split('.')
      return type === 'PaymentLink' && 'bytes' in cost ? [{ name, bytes: cost.bytes ?? 0 }] : []
    })
    expect(sized.length).toBeGreaterThan(3)
    for (const { name, bytes } of sized) expect([name, weightOf(name)]).toEqual([name, bytes + name.length + 6])
  })

  it('has every bound of a connection', () => {
    const [, connections = ''] = page.split('## Connections')
    const shown = Object.values(SOCKET_LIMITS).map((bound) => (bound % 1_000 === 0 ? `${bound / 1_000} s` : `${bound}`))
    expect(shown.filter((bound) => !new RegExp(`(?<!\\d)${bound}(?!\\d)`).test(connections))).toEqual([])
  })

  it('has the weights of 1,000 whole links, which the default admits', () => {
    const link = wholeLink()
    const ids = Array.from({ length: 10 }, (_, n) => `"${n}"`)
    const pages = `{ accountsByIds(ids: [${ids}]) { paymentLinks(first: 100) { totalCount edges { cursor node ${link} } } } }`
    const references = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on PaymentLink ${link} } }`
    const of = Array.from({ length: 1_000 }, () => ({ __typename: 'PaymentLink' }))
    const weights = [costOf(pages), costOf(references, { of })].map(({ responseBytes }) => responseBytes)
    for (const weight of weights) expect(page).toContain(`(${(weight / 1e6).toFixed(1)} MB)`)
    expect(Math.max(...weights)).toBeLessThan(Number(SETTINGS.maxAnswerBytes.default))
  })
})

/** All of a link but the lists of other resources, which have arguments and a price of their own. */
function wholeLink(): string {
  const type = servedSchema.getType('PaymentLink')
  const fields = isObjectType(type) ? Object.values(type.getFields()).filter(({ args }) => args.length === 0) : []
  return `{ ${fields.map(({ name, type }) => `${name} ${selectionOf(getNamedType(type), 0)}`).join(' ')} }`
}

/** What one field adds to the weight of a link. */
function weightOf(field: string): number {
  const [plain = 0, more = 0] = ['id', `id ${field}`].map(
    (fields) => costOf(`{ paymentLink(accountId: "a", id: "1") { ${fields} } }`).responseBytes,
  )
  return more - plain
}

/** A nullable field with a resolver can be null with an error, which repeats the names on its path. */
function errorBytes(field: string): number {
  return 640 + `paymentLink${field}`.length + 2 * 8
}

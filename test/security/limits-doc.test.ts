import { readFileSync } from 'node:fs'
import { getOperationAST, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { SETTINGS } from '../../src/config/settings.js'
import { createCostCompiler } from '../../src/execution/cost.js'
import { buildServedSchema, servedCosts } from '../../src/graphql/served-schema.js'
import { resources } from '../../src/resources/index.js'

const page = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8')
const schema = buildServedSchema(resources)

function costOf(query: string): number {
  const document = parse(query)
  const operation = getOperationAST(document)
  if (!operation) throw new Error('no operation')
  return createCostCompiler({ document, schema, costs: servedCosts(resources), jsonBytes: 16_384 }).operation(operation)({})
    .upstreamCalls
}

const list = (args: string): string => `{ paymentLinks(accountId: "a"${args}) { totalCount } }`

describe('docs/limits.md', () => {
  it('has the defaults of the settings', () => {
    const rows = [...page.matchAll(/^\| `(MAX_[A-Z_]+)` \| (\d+) \|/gm)].map(([, name, value]) => [name, value])
    const limits = Object.values(SETTINGS).filter(({ name }) => /^MAX_(?!BODY|METADATA)/.test(name))
    expect(rows.sort()).toEqual(
      limits.map((setting) => [setting.name, 'default' in setting ? setting.default : '']).sort(),
    )
  })

  it.each<[string, number, string]>([
    ['account', 1, '{ account(id: "a") { name } }'],
    ['accountsByIds', 3, '{ accountsByIds(ids: ["a", "b", "c"]) { name } }'],
    ['paymentLink', 2, '{ paymentLink(accountId: "a", id: "1") { account { name } } }'],
    [
      'paymentLinksByKeys',
      4,
      '{ paymentLinksByKeys(keys: [{ accountId: "a", id: "1" }, { accountId: "a", id: "2" }]) { id } }',
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
    [
      'references to links of two accounts',
      2 + 32,
      `{ _entities(representations: [{ __typename: "PaymentLink", accountId: "a", id: "1" }${'{ __typename: "PaymentLink", accountId: "b", id: "1" }'.repeat(17)}]) { __typename } }`,
    ],
    [
      'references to two accounts, one of them twice',
      2,
      `{ _entities(representations: [${['a', 'b', 'a'].map((id) => `{ __typename: "Account", id: "${id}" }`).join(' ')}]) { __typename } }`,
    ],
    [
      'the example at the limit',
      200,
      `{ accountsByIds(ids: [${'"a" '.repeat(40)}]) { paymentLinks(first: 100) { totalCount } } }`,
    ],
  ])('is right about %s', (_what, calls, query) => {
    expect(costOf(query)).toBe(calls)
  })
})

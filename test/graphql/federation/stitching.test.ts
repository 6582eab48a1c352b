import { buildSchema, type ConstDirectiveNode, type GraphQLSchema, print, printSchema } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { printStitchable } from '../../../src/graphql/federation/stitching.js'
import { buildGatewaySchema } from '../../../src/graphql/schema/build-schema.js'
import { resources } from '../../../src/resources/index.js'
import { startTestGateway, type TestGateway } from '../../support/gateway.js'

const entities = resources.flatMap((resource) => resource.entities ?? [])
const plain = buildGatewaySchema(resources)
const stitchable = buildSchema(printStitchable(plain, entities))

describe('the schema with stitching directives', () => {
  const on = ({ astNode }: { astNode?: { directives?: readonly ConstDirectiveNode[] } | null | undefined }) =>
    (astNode?.directives ?? []).map((directive) => print(directive))
  const queries = stitchable.getQueryType()?.getFields() ?? {}

  it('names each type by its key', () => {
    expect(on(stitchable.getType('PaymentLink') ?? {})).toEqual(['@key(selectionSet: "{ accountId id }")'])
    expect(on(stitchable.getType('Account') ?? {})).toEqual(['@key(selectionSet: "{ id }")'])
    expect(on(stitchable.getType('PageInfo') ?? {})).toEqual([])
  })

  it('merges by the queries that take lists of keys, each key made of what the other schema has', () => {
    expect(on(queries['paymentLinksByKeys'] ?? {})).toEqual([
      '@merge(argsExpr: "keys: [[{ accountId: $key.accountId, id: $key.id }]]")',
    ])
    expect(on(queries['accountsByIds'] ?? {})).toEqual(['@merge(argsExpr: "ids: [[$key.id]]")'])
    expect(on(queries['paymentLink'] ?? {})).toEqual([])
  })

  it('defines the directives it uses, and is otherwise the schema that clients read', () => {
    const withoutDirectives = (schema: GraphQLSchema) => printSchema(schema).replaceAll(/^directive .*\n*/gm, '')
    const ofDirectives = stitchable.getDirectives().map(({ name }) => name)
    expect(ofDirectives).toEqual(expect.arrayContaining(['key', 'merge', 'computed', 'canonical']))
    const types = (schema: GraphQLSchema) =>
      withoutDirectives(schema)
        .split(/\n(?=""")/)
        .sort()
    expect(types(stitchable).join('').length).toBe(types(plain).join('').length)
  })

  it.each([
    ['is not there', 'keys', 'Query.accountsByIds(keys:) is not there'],
    ['cannot hold the key', 'ids', 'Query.accountsByIds takes no list of keys "accountId id"'],
  ])('refuses a key list that %s', (_what, argument, message) => {
    const entity = entities.find(({ typename }) => typename === 'PaymentLink')
    if (entity === undefined) throw new Error('payment links are an entity')
    const wrong = { ...entity, keyList: { field: 'accountsByIds', argument } }
    expect(() => printStitchable(plain, [wrong])).toThrow(message)
  })
})

describe('merged objects', () => {
  let gateway: TestGateway
  beforeAll(async () => {
    gateway = await startTestGateway()
  })
  afterAll(() => gateway.stop())

  it('cost at most 8 calls for 50 links and their accounts, asked as a stitching gateway asks', async () => {
    const accounts = gateway.sandbox.accounts.slice(0, 2).map(({ id }) => id)
    const keys = Array.from({ length: 50 }, (_, n) => {
      const accountId = accounts[n % accounts.length] ?? ''
      const links = gateway.sandbox.linksOf(accountId)
      return { accountId, id: String(links[(n * 3) % links.length]?.id) }
    })
    // One document for all that is merged, its fields under aliases: what @graphql-tools/batch-execute sends.
    const query = `query ($_v0_keys: [PaymentLinkKey!]!, $_v1_ids: [ID!]!) {
      _v0_paymentLinksByKeys: paymentLinksByKeys(keys: $_v0_keys) { __typename accountId id title }
      _v1_accountsByIds: accountsByIds(ids: $_v1_ids) { __typename id name }
    }`
    gateway.sandbox.log.clear()
    const { data, errors } = await gateway.ask<Record<string, unknown[]>, unknown>(query, {
      _v0_keys: keys,
      _v1_ids: accounts,
    })
    expect(errors).toBeUndefined()
    expect(data?.['_v0_paymentLinksByKeys']).toMatchObject(keys)
    expect(data?.['_v1_accountsByIds']).toMatchObject(accounts.map((id) => ({ id, name: expect.any(String) })))
    expect(gateway.sandbox.log.count() - gateway.sandbox.log.count('token')).toBeLessThanOrEqual(8)
  })
})

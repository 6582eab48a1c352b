import { buildSchema, type ConstDirectiveNode, type GraphQLSchema, print, printSchema } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stitchingSdl } from '../../../src/graphql/federation/stitching-sdl.js'
import { buildGatewaySchema } from '../../../src/graphql/schema/build-schema.js'
import { resources } from '../../../src/resources/index.js'
import { startTestGateway, type TestGateway } from '../../support/gateway.js'

const entities = resources.flatMap((resource) => resource.entities ?? [])
const plain = buildGatewaySchema(resources)
const stitchable = buildSchema(stitchingSdl(plain, entities))

describe('the SDL for stitching', () => {
  const on = ({ astNode }: { astNode?: { directives?: readonly ConstDirectiveNode[] } | null | undefined }) =>
    (astNode?.directives ?? []).map((directive) => print(directive))
  const queries = stitchable.getQueryType()?.getFields() ?? {}

  it('marks each entity with its key', () => {
    expect(on(stitchable.getType('PaymentLink') ?? {})).toEqual(['@key(selectionSet: "{ accountId id }")'])
    expect(on(stitchable.getType('Account') ?? {})).toEqual(['@key(selectionSet: "{ id }")'])
    expect(on(stitchable.getType('PageInfo') ?? {})).toEqual([])
  })

  it('merges entities by the queries that take lists of keys', () => {
    expect(on(queries['paymentLinksByKeys'] ?? {})).toEqual([
      '@merge(argsExpr: "keys: [[{ accountId: $key.accountId, id: $key.id }]]")',
    ])
    expect(on(queries['accountsByIds'] ?? {})).toEqual(['@merge(argsExpr: "ids: [[$key.id]]")'])
    expect(on(queries['paymentLink'] ?? {})).toEqual([])
  })

  it('defines the directives it uses and is otherwise the schema that clients read', () => {
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
    ['does not exist', 'keys', 'Query.accountsByIds(keys:) is not in the schema'],
    ['cannot hold the key', 'ids', 'Query.accountsByIds takes no list of keys "accountId id"'],
  ])('refuses a key list that %s', (_what, argument, message) => {
    const entity = entities.find(({ typename }) => typename === 'PaymentLink')
    if (entity === undefined) throw new Error('expected PaymentLink to be an entity')
    const wrong = { ...entity, keyList: { field: 'accountsByIds', argument } }
    expect(() => stitchingSdl(plain, [wrong])).toThrow(message)
  })
})

describe('a stitching gateway', () => {
  let gateway: TestGateway
  beforeAll(async () => {
    gateway = await startTestGateway()
  })
  afterAll(() => gateway.stop())

  it('causes at most 8 upstream calls to merge 50 links and their accounts', async () => {
    const accounts = gateway.sandbox.accounts.slice(0, 2).map(({ id }) => id)
    const keys = Array.from({ length: 50 }, (_, n) => {
      const accountId = accounts[n % accounts.length] ?? ''
      const links = gateway.sandbox.linksOf(accountId)
      return { accountId, id: String(links[(n * 3) % links.length]?.id) }
    })
    // @graphql-tools/batch-execute sends everything it merges in one document, its fields under aliases.
    const query = `query ($_v0_keys: [PaymentLinkKey!]!, $_v1_ids: [ID!]!) {
      _v0_paymentLinksByKeys: paymentLinksByKeys(keys: $_v0_keys) { __typename accountId id title }
      _v1_accountsByIds: accountsByIds(ids: $_v1_ids) { __typename id name }
    }`
    gateway.sandbox.log.clear()
    const { data, errors } = await gateway.request<Record<string, unknown[]>, unknown>(query, {
      _v0_keys: keys,
      _v1_ids: accounts,
    })
    expect(errors).toBeUndefined()
    expect(data?.['_v0_paymentLinksByKeys']).toMatchObject(keys)
    expect(data?.['_v1_accountsByIds']).toMatchObject(accounts.map((id) => ({ id, name: expect.any(String) })))
    expect(gateway.sandbox.log.count() - gateway.sandbox.log.count('token')).toBeLessThanOrEqual(8)
  })
})

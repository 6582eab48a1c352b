import { buildSchema, type GraphQLSchema, getIntrospectionQuery, isObjectType, printType } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildGatewaySchema } from '../../src/graphql/schema/build-schema.js'
import { buildServedSchema, servedPricing } from '../../src/graphql/schema/served-schema.js'
import { resources } from '../../src/resources/index.js'
import { type KeyServer, makeKey, type SigningKey, startKeyServer } from '../server/callers/key-server.js'
import { AUDIENCE, claims, ISSUER, sign } from '../server/callers/tokens.js'
import { startTestGateway, type TestGateway } from '../support/gateway.js'

const SCHEMA_QUESTIONS = ['{ _service { sdl } }', '{ _sdl }', '{ __schema { queryType { name } } }']

/** A field of `Query` with its description and arguments. */
const COMPOSING_FIELD = /\n {2}"""[^"]*"""\n {2}_(service|sdl|entities)(\([^)]*\))?:.*\n?/g

describe('the fields for composing gateways', () => {
  const plain = buildGatewaySchema(resources)
  const served = buildServedSchema(resources)

  it('serves the fields for composing gateways beside the schema that clients read, which stays the same', () => {
    const typesOf = (schema: GraphQLSchema) =>
      Object.values(schema.getTypeMap()).map((type): [string, string] => {
        const text = printType(type)
        return [type.name, type.name === 'Query' ? text.replaceAll(COMPOSING_FIELD, '') : text]
      })
    const added = ['_Any', '_Entity', '_Service']
    expect(typesOf(served).filter(([name]) => !added.includes(name))).toEqual(typesOf(plain))
    expect(served.getTypeMap()).toHaveProperty('_Entity')
  })

  it('adds no resolver to a field without one', () => {
    const resolving = (schema: GraphQLSchema) =>
      Object.values(schema.getTypeMap())
        .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
        .flatMap((type) =>
          (isObjectType(type) ? Object.values(type.getFields()) : []).map((field) => ({ type, field })),
        )
        .filter(({ field }) => field.resolve !== undefined)
        .map(({ type, field }) => `${type.name}.${field.name}`)
    expect(resolving(served).sort()).toEqual(
      [...resolving(plain), 'Query._entities', 'Query._sdl', 'Query._service'].sort(),
    )
  })

  it('leaves out _entities where no resource has an entity', () => {
    const bare = resources.map(({ entities: _entities, ...resource }) => resource)
    const names = resources.flatMap(({ entities = [] }) => entities.map(({ typename }) => typename))
    expect(() => buildServedSchema(bare)).toThrow(
      `Nothing resolves references to ${names.join(', ')}, which has a @key`,
    )
    expect(servedPricing(bare).costs['Query._entities']).toBeUndefined()
  })
})

describe('with callers known by tokens', () => {
  let gateway: TestGateway
  let keys: KeyServer
  let key: SigningKey
  beforeAll(async () => {
    key = await makeKey('first')
    keys = await startKeyServer([key.jwk])
    const env = { AUTH_MODE: 'jwt', JWT_JWKS_URL: keys.url, JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE }
    gateway = await startTestGateway({ env })
  })
  afterAll(async () => {
    await gateway.stop()
    await keys.stop()
  })

  async function ask(query: string, { token, variables }: { token?: string; variables?: unknown } = {}) {
    const headers = {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
    const response = await fetch(gateway.url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  it.each(SCHEMA_QUESTIONS)('serves %s without a token', async (question) => {
    const { status, body } = await ask(question)
    expect([status, body['errors']]).toEqual([200, undefined])
  })

  it('resolves references only with a token', async () => {
    const { status, body } = await ask('{ _entities(representations: []) { __typename } }')
    expect(status).toBe(401)
    expect(body['errors']).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  })

  it('fails only a reference to an account without a grant, before any upstream call for it', async () => {
    const [granted = '', other = ''] = gateway.sandbox.accounts.map(({ id }) => id)
    const representations = [granted, other].flatMap((accountId) => [
      { __typename: 'PaymentLink', accountId, id: String(gateway.sandbox.linksOf(accountId)[0]?.id) },
      { __typename: 'Account', id: accountId },
    ])
    const token = await sign(key, claims({ accounts: [granted] }))
    const query = `query ($representations: [_Any!]!) {
      _entities(representations: $representations) { ... on PaymentLink { id } ... on Account { id name } }
    }`
    gateway.sandbox.log.clear()
    const { status, body } = await ask(query, { token, variables: { representations } })
    expect(status).toBe(200)
    expect(body['data']).toEqual({
      _entities: [{ id: representations[0]?.['id' as never] }, { id: granted, name: expect.any(String) }, null, null],
    })
    expect(body['errors']).toMatchObject([
      { path: ['_entities', 2], extensions: { code: 'FORBIDDEN' } },
      { path: ['_entities', 3], extensions: { code: 'FORBIDDEN' } },
    ])
    expect(gateway.sandbox.log.entries.filter(({ accountId }) => accountId === other)).toEqual([])
  })
})

describe('INTROSPECTION', () => {
  let gateway: TestGateway
  beforeAll(async () => {
    gateway = await startTestGateway({ env: { INTROSPECTION: 'off' } })
  })
  afterAll(() => gateway.stop())

  it.each(SCHEMA_QUESTIONS)('INTROSPECTION=off refuses %s', async (question) => {
    const { data, errors } = await gateway.request(question)
    expect(data).toBeUndefined()
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/INTROSPECTION is off/), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ])
  })

  it('INTROSPECTION=off still resolves references', async () => {
    expect(await gateway.request('{ _entities(representations: []) { __typename } }')).toMatchObject({
      status: 200,
      data: { _entities: [] },
    })
  })

  it('INTROSPECTION=on shows the fields for composing gateways too', async () => {
    const open = await startTestGateway()
    const { data } = await open.request<{ __schema: { types: { name: string }[] } }, unknown>(getIntrospectionQuery())
    const sdl = await open.request<{ _sdl: string }, unknown>('{ _sdl }')
    await open.stop()
    const names = data?.__schema.types.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['_Any', '_Entity', '_Service', 'PaymentLink']))
    expect(buildSchema(sdl.data?._sdl ?? '').getType('PaymentLink')).toBeDefined()
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.js'

/** The checks of graphql-cop. Titles start with the name that its README gives them. */
let open: TestGateway
let closed: TestGateway
beforeAll(async () => {
  open = await startTestGateway()
  closed = await startTestGateway({ env: { INTROSPECTION: 'off', GRAPHIQL: 'off' } })
})
afterAll(async () => {
  await open.stop()
  await closed.stop()
})

const codes = async (gateway: TestGateway, query: string): Promise<unknown> => {
  const { errors } = await gateway.request(query)
  return errors?.map(({ extensions }) => extensions.code)
}

describe('graphql-cop finds no problem with', () => {
  it('alias overloading: 101 aliases are refused', async () => {
    const aliases = Array.from({ length: 101 }, (_, n) => `alias${n}: __typename`)
    expect(await codes(open, `query cop { ${aliases.join(' ')} }`)).toEqual(['QUERY_TOO_COMPLEX'])
  })

  it('array-based query batching: ten operations in one body are refused', async () => {
    const body = JSON.stringify(Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' })))
    const response = await post(body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
  })

  it('directive overloading: ten repeated directives give one error, thousands are refused', async () => {
    expect(await codes(open, `query cop { __typename ${'@aa'.repeat(10)} }`)).toEqual(['GRAPHQL_VALIDATION_FAILED'])
    expect(await codes(open, `query cop { __typename ${'@aa'.repeat(1_900)} }`)).toEqual(['QUERY_TOO_COMPLEX'])
  })

  it('circular query through introspection: types of fields of types are refused', async () => {
    const circle = 'fields { type { '.repeat(4)
    expect(await codes(open, `query cop { __schema { types { ${circle} name ${'} }'.repeat(4)} } } }`)).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
    ])
  })

  it.each([500, 1_000])('field duplication: one field %i times is refused', async (count) => {
    expect(await codes(open, `query cop { ${'__typename \n'.repeat(count)} }`)).toEqual(['QUERY_TOO_COMPLEX'])
  })

  it('field duplication below the root: one field 1,000 times is refused', async () => {
    const query = `query cop { account(id: "01HZ7N9K3R0F2QW3X4Y5Z6V7AB") { ${'id '.repeat(1_000)} } }`
    expect(await codes(open, query)).toEqual(['QUERY_TOO_COMPLEX'])
    expect(open.sandbox.log.count('list')).toBe(0)
  })

  it('GET-based query: a GET that a web page could send is refused', async () => {
    expect((await fetch(`${open.url}?query=${encodeURIComponent('query cop{__typename}')}`)).status).toBe(400)
  })

  it('GET-based mutation: a mutation by GET is refused', async () => {
    const query = encodeURIComponent('mutation cop { __typename }')
    const response = await fetch(`${open.url}?query=${query}`, { headers: { 'apollo-require-preflight': '1' } })
    expect(response.status).toBe(405)
  })

  it.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain'])(
    'POST of a form: a POST that a web page could send is refused, %s',
    async (type) => {
      for (const body of ['query=query cop { __typename }', '{"query":"query cop { __typename }"}']) {
        const response = await fetch(open.url, { method: 'POST', headers: { 'content-type': type }, body })
        expect(response.status).toBe(415)
      }
    },
  )

  it.each(['', '/graphiql', '/playground', '/console', '/altair', '/voyager', '/v1/explorer'])(
    'GraphiQL: no page is served at /graphql%s when it is off',
    async (path) => {
      const response = await fetch(`${closed.url}${path}`, { headers: { accept: 'text/html' } })
      const text = await response.text()
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(text).not.toMatch(/<html|<script|<!doctype/i)
    },
  )

  it('trace mode: no response has an extension with tracing data', async () => {
    for (const header of ['x-apollo-tracing', 'apollo-federation-include-trace', 'apollo-query-plan-experimental']) {
      const response = await post(JSON.stringify({ query: 'query cop { __typename }' }), { [header]: 'ftv1' })
      expect(await response.json()).toEqual({ data: { __typename: 'Query' } })
    }
  })

  it('unhandled error: an error has no stack trace', async () => {
    const { text } = await open.request('qwerty cop { abc }')
    expect(text).toContain('GRAPHQL_PARSE_FAILED')
    expect(text).not.toMatch(/stack|node_modules|\.js:/)
  })

  it.each(['__schema { queryType { name } }', '__type(name: "Query") { name }', 'x: __schema { types { name } }'])(
    'introspection: %s is refused when it is off',
    async (field) => {
      expect(await codes(open, `query cop { ${field} }`)).toBeUndefined()
      expect(await codes(closed, `query cop { ${field} }`)).toEqual(['GRAPHQL_VALIDATION_FAILED'])
      expect(await codes(closed, `query cop { ...F } fragment F on Query { ${field} }`)).toEqual([
        'GRAPHQL_VALIDATION_FAILED',
      ])
    },
  )

  it.each([
    ['a field', 'query cop { paymentLink_ }', undefined],
    ['an argument', 'query cop { account(ids: "1") { id } }', undefined],
    ['a type', 'query cop($a: Strin) { account(id: $a) { id } }', undefined],
    [
      'a field of an input in a variable',
      'query cop($k: [PaymentLinkKey!]!) { paymentLinksByKeys(keys: $k) { id } }',
      { k: [{ accountId: '1', id: '1', accountIds: '1' }] },
    ],
  ])('field suggestions: none for %s when introspection is off', async (_what, query, variables) => {
    expect((await open.request(query, variables)).text).toContain('Did you mean')
    const { text } = await closed.request(query, variables)
    expect(text).toContain('"errors"')
    expect(text).not.toContain('Did you mean')
  })
})

function post(body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(open.url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
}

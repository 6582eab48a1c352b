import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.js'

let quiet: TestGateway
beforeAll(async () => {
  quiet = await startTestGateway({ env: { INTROSPECTION: 'off', GRAPHIQL: 'off' } })
})
afterAll(() => quiet.stop())

describe('an error message that quotes the input', () => {
  it('keeps quoted text that looks like a suggestion in an error message, and cuts the message before it is searched', async () => {
    const query = 'query ($x: Boolean!) { __typename @include(if: $x) }'
    const { errors } = await quiet.request(query, { x: 'Did you mean "this"?' })
    expect(errors?.[0]?.message).toContain('Did you mean \\"this\\"?')
    const large = await quiet.request(query, { x: ' Did you mean '.repeat(14_000) })
    expect(large.errors?.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Variable "\$x" got invalid value " Did you mean .* … .*Did you mean "$/),
    ])
    expect(large.text.length).toBeLessThan(2_000)
  }, 5_000)

  it.each(['', 'x'])(
    'cuts an error message between characters, not inside a surrogate pair, after "%s"',
    async (before) => {
      const query = 'query ($x: Boolean!) { __typename @include(if: $x) }'
      const { errors } = await quiet.request(query, { x: `${before}${'😀'.repeat(2_000)}${before}` })
      expect(errors?.[0]?.message).toMatch(/😀 … 😀/)
      // With the `u` flag this finds lone surrogates only.
      expect(errors?.[0]?.message).not.toMatch(/[\ud800-\udfff]/u)
    },
  )

  it('refuses a body with more than 50,000 values', async () => {
    const query = 'query ($x: Boolean!) { __typename @include(if: $x) }'
    for (const x of [Array(50_000).fill({}), Object.fromEntries(Array(50_000).fill(0).entries())]) {
      const { errors } = await quiet.request(query, { x })
      expect(errors).toMatchObject([
        { message: 'Expected at most 50000 values in the body, but got more.', extensions: { code: 'BAD_REQUEST' } },
      ])
    }
    // Commas and brackets inside a string are not values.
    expect((await quiet.request('{ __typename }', { x: ',[{\\",'.repeat(50_000) })).data).toEqual({
      __typename: 'Query',
    })
  })
})

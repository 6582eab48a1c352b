import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.js'

let quiet: TestGateway
beforeAll(async () => {
  quiet = await startTestGateway({ env: { INTROSPECTION: 'off', GRAPHIQL: 'off' } })
})
afterAll(() => quiet.stop())

describe('a message that repeats what came', () => {
  it('is not searched for suggestions where they are off, however long it is', async () => {
    const query = 'query ($x: Boolean!) { __typename @include(if: $x) }'
    const { errors } = await quiet.ask(query, { x: 'Did you mean "this"?' })
    expect(errors?.[0]?.message).toContain('Did you mean \\"this\\"?')
    const large = await quiet.ask(query, { x: ' Did you mean '.repeat(14_000) })
    expect(large.errors?.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Variable "\$x" got invalid value " Did you mean .* … .*Did you mean "$/),
    ])
    expect(large.text.length).toBeLessThan(2_000)
  }, 5_000)

  it.each(['', 'x'])('is cut between characters, however they fall: "%s"', async (before) => {
    const query = 'query ($x: Boolean!) { __typename @include(if: $x) }'
    const { errors } = await quiet.ask(query, { x: `${before}${'😀'.repeat(2_000)}${before}` })
    expect(errors?.[0]?.message).toMatch(/😀 … 😀/)
    // Under `u` this finds halves only.
    expect(errors?.[0]?.message).not.toMatch(/[\ud800-\udfff]/u)
  })

  it('is not made of more values than a person or a tool sends', async () => {
    const query = 'query ($x: Boolean!) { __typename @include(if: $x) }'
    for (const x of [Array(50_000).fill({}), Object.fromEntries(Array(50_000).fill(0).entries())]) {
      const { errors } = await quiet.ask(query, { x })
      expect(errors).toMatchObject([
        { message: 'Expected at most 50000 values in the body, but got more.', extensions: { code: 'BAD_REQUEST' } },
      ])
    }
    // What stands inside text is no value.
    expect((await quiet.ask('{ __typename }', { x: ',[{\\",'.repeat(50_000) })).data).toEqual({ __typename: 'Query' })
  })
})

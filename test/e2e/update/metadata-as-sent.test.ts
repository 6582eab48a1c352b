import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { gatewayOfFile } from '../../support/gateway.js'
import { ROW, updateOver } from './scripted-upstream.js'
import { type Changes, payloadOf, plant, puts, stored } from './updating.js'

const gateway = gatewayOfFile()

interface Payload {
  readonly updatePaymentLink: {
    readonly paymentLink: { readonly optionalMetadata: unknown }
    readonly userErrors: unknown
  }
}

describe('metadata written as a literal with variables in it', () => {
  it.each<[string, string, object, object]>([
    ['a variable left out in an object', '{ invoice: "I-1", note: $note }', {}, { invoice: 'I-1' }],
    ['a variable left out in a list', '{ notes: [$note, "b"] }', {}, { notes: [null, 'b'] }],
    ['a variable left out deep inside', '{ a: [{ b: { c: $note } }, [$note]] }', {}, { a: [{ b: {} }, [null]] }],
    ['nothing but variables left out', '{ a: $note }', {}, {}],
    ['a variable that is null', '{ a: $note, b: [$note] }', { note: null }, { a: null, b: [null] }],
    ['a variable that is given', '{ a: $note, b: [$note] }', { note: 'x' }, { a: 'x', b: ['x'] }],
    ['a variable with a default', '{ a: $preset }', {}, { a: 'usual' }],
    ['$toString left out', '{ invoice: "I-1", a: $toString, b: [$toString] }', {}, { invoice: 'I-1', b: [null] }],
    ['$constructor left out', '{ invoice: "I-1", a: $constructor }', {}, { invoice: 'I-1' }],
    ['$__proto__ left out', '{ invoice: "I-1", a: $__proto__ }', {}, { invoice: 'I-1' }],
    ['$toString given', '{ a: $toString }', { toString: 'x' }, { a: 'x' }],
    ['$constructor given', '{ a: $constructor }', { constructor: 'x' }, { a: 'x' }],
  ])('metadata with variables is applied as GraphQL coerces it: %s', async (_, literal, variables, wanted) => {
    const link = plant(gateway)
    const named = ['note', 'toString', 'constructor', '__proto__'].filter((name) => literal.includes(`$${name}`))
    const declared = [
      ...named.map((name) => `$${name}: String`),
      ...(literal.includes('$preset') ? ['$preset: String = "usual"'] : []),
    ]
    const { data, text } = await gateway.request<Payload, object>(
      `mutation (${declared.join(', ')}) {
        updatePaymentLink(input: { accountId: "${link.accountId}", id: "${link.id}", optionalMetadata: ${literal} }) {
          paymentLink { optionalMetadata }
          userErrors { code field message }
        }
      }`,
      variables,
    )
    expect(data?.updatePaymentLink, text).toEqual({ paymentLink: { optionalMetadata: wanted }, userErrors: [] })
    expect(stored(gateway, link).metadata).toEqual(wanted)
    expect(puts(gateway)).toHaveLength(1)
  })
})

/** Stores and shows this JSON text for the key, whatever was sent. */
const storing = (key: 'optional_metadata' | 'redirect_url', text: string) => {
  const shown = (response: ServerResponse): void => {
    const row = JSON.stringify({ ...ROW, [key]: 0 }).replace(`"${key}":0`, `"${key}":${text}`)
    response.writeHead(200, { 'content-type': 'application/json' }).end(`{"status":200,"success":true,"data":${row}}`)
  }
  return { put: shown, after: shown }
}

describe('a value that the upstream normalises', () => {
  it.each<[string, Changes['optionalMetadata'], string]>([
    ['empty text as null', { note: '' }, '{"note":null}'],
    ['text trimmed', { note: ' a ' }, '{"note":"a"}'],
    ['a line feed taken off', { address: 'Jl. Mawar 5\n' }, '{"address":"Jl. Mawar 5"}'],
    ['blank text as null, nested too', { a: [{ b: ' \t\u00a0' }, ''] }, '{"a":[{"b":null},null]}'],
    ['0.1 with 17 digits', { rate: 0.1, rates: [0.7] }, '{"rate":0.10000000000000001,"rates":[0.69999999999999996]}'],
    ['a whole number with a fraction', { n: 5 }, '{"n":5.0}'],
    ['a small number with an exponent', { n: 0.00001 }, '{"n":1.0e-5}'],
    ['an empty object as an empty list', { a: {}, b: [] }, '{"a":[],"b":{}}'],
    ['all of it empty', {}, '[]'],
    ['a list as an object of its places', { a: ['x', 'y'] }, '{"a":{"0":"x","1":"y"}}'],
  ])('a value that the upstream normalises counts as applied: %s', async (_, optionalMetadata, text) => {
    const { response, puts } = await updateOver(storing('optional_metadata', text), { optionalMetadata })
    expect(payloadOf(response).userErrors).toEqual([])
    expect(puts.length).toBeLessThanOrEqual(1)
  })

  it.each<[string, Changes['optionalMetadata'], string]>([
    ['other text', { note: 'a' }, '{"note":"b"}'],
    ['text with the space inside gone', { note: 'a  b' }, '{"note":"a b"}'],
    ['text for a number', { note: 1 }, '{"note":"1"}'],
    ['another number', { rate: 0.1 }, '{"rate":0.1000000000000001}'],
    ['null for zero', { n: 0 }, '{"n":null}'],
    ['null for false', { n: false }, '{"n":null}'],
    ['a key fewer', { a: null, b: 1 }, '{"b":1}'],
    ['a key trimmed', { ' a': 1 }, '{"a":1}'],
    ['a list in another order', { a: [1, 2] }, '{"a":[2,1]}'],
    ['half of it', { a: 'x', b: { c: 'y' } }, '{"a":"x","b":{}}'],
  ])('a value that the upstream changes does not count as applied: %s', async (_, optionalMetadata, text) => {
    const { response } = await updateOver(storing('optional_metadata', text), { optionalMetadata })
    expect(payloadOf(response).userErrors).toMatchObject([{ code: 'NOT_APPLIED', field: ['optionalMetadata'] }])
  })

  it('a URL counts as applied without an invisible mark at its end', async () => {
    const script = storing('redirect_url', '"https://m.example/"')
    const { response } = await updateOver(script, { redirectUrl: 'https://m.example/\u200b' })
    expect(payloadOf(response).userErrors).toEqual([])
  })
})

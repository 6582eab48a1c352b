import { describe, expect, it } from 'vitest'
import { chooseMediaType, prefersPage } from '../../../src/server/http/accept.js'

const PLAIN = 'application/json'
const GRAPHQL = 'application/graphql-response+json'

// RFC 9110, section 12.5.1: quality decides, the most specific range applies to a type, and 0 excludes it.
describe('the media type of a response', () => {
  it.each<[string | undefined, string | undefined]>([
    [undefined, PLAIN],
    ['', PLAIN],
    ['*/*', PLAIN],
    ['application/*', PLAIN],
    [PLAIN, PLAIN],
    [GRAPHQL, GRAPHQL],
    [GRAPHQL.toUpperCase(), GRAPHQL],
    [`${GRAPHQL}, ${PLAIN}`, GRAPHQL],
    [`${PLAIN}, ${GRAPHQL}`, PLAIN],
    [`${GRAPHQL};q=0.5, ${PLAIN};q=0.9`, PLAIN],
    [`${PLAIN};q=0, */*`, GRAPHQL],
    [`${PLAIN};charset=utf-8`, PLAIN],
    [`${GRAPHQL};charset=utf-8, ${PLAIN};charset=utf-8;q=0.1`, GRAPHQL],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', PLAIN],
    ['text/html', undefined],
    ['multipart/mixed;deferSpec=20220824', undefined],
    ['*/*;q=0', undefined],
    [`${PLAIN};q=0`, undefined],
    [`${PLAIN};q=none`, undefined],
  ])('chooses the media type for Accept: %j: %j', (accept, type) => {
    expect(chooseMediaType(accept)).toBe(type)
  })
})

describe('a request for the page', () => {
  it.each([
    // What Firefox, Chromium and Safari send when a person opens an address.
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7',
    'text/html',
    'text/*',
    'TEXT/HTML;charset=utf-8',
    'text/html, application/json',
    'application/json;q=0.9, text/html',
  ])('prefers the page for Accept: %j', (accept) => {
    expect(prefersPage(accept)).toBe(true)
  })

  it.each([
    undefined,
    '',
    '*/*',
    'application/json, text/html',
    'application/graphql-response+json, text/html;q=0.9',
    'text/html;q=0.5, */*',
    'text/html;q=0',
    'text/plain',
    'image/png',
  ])('does not prefer the page for Accept: %j', (accept) => {
    expect(prefersPage(accept)).toBe(false)
  })
})

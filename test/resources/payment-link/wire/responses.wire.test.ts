import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  nextExpiry,
  type ParseContext,
  parseLinkPage,
  parseLinkResponse,
} from '../../../../src/resources/payment-link/wire/responses.wire.js'
import { parseJson } from '../../../../src/upstream/json/json.js'
import { failureOf } from '../../../support/with-upstream.js'

const ACCOUNT_ID = '01K7P073Q8RE2A9PQT8Q7MXPN4'
const NOW = Date.parse('2026-05-08T08:00:00Z')

const { data: ROW } = parseJson(readFileSync('test/fixtures/upstream/show.response.json', 'utf8')) as {
  readonly data: Readonly<Record<string, unknown>>
}

/** A context whose log can be read. */
function contextFor(accountId = ACCOUNT_ID) {
  const log: object[] = []
  const ignore = () => undefined
  const logger = { debug: ignore, info: ignore, error: ignore, warn: (fields: object) => void log.push(fields) }
  const context: ParseContext = { accountId, operation: 'payment-link.test', now: NOW, logger }
  return { context, log }
}

describe('parseLinkPage', () => {
  it('keeps an unreadable row in its place, with its id, and logs it once', () => {
    const { context, log } = contextFor()
    const data = [ROW, { ...ROW, id: 104, total_amount: 'much' }, { title: 'no id' }, 'no row']
    const { rows } = parseLinkPage({ data }, 1, context)
    expect(rows.map(({ id, node }) => [id, node instanceof Error ? node.message : node.id])).toEqual([
      ['103', '103'],
      ['104', 'Link 104 cannot be read.'],
      [undefined, 'The upstream sent a response that cannot be read.'],
      [undefined, 'The upstream sent a response that cannot be read.'],
    ])
    expect(rows.map(({ wireRow }) => wireRow)).toEqual([data[0], data[1], undefined, undefined])
    const operation = 'payment-link.test'
    expect(log).toEqual([
      { operation, jsonPath: '$.data[1].total_amount' },
      { operation, jsonPath: '$.data[2].id' },
      { operation, jsonPath: '$.data[3]' },
    ])
  })

  it('reads nothing of a row of another account', () => {
    const { context } = contextFor()
    const foreign = { ...ROW, account: { id: '01HZ7N9K3R0F2QW3X4Y5Z6V7AB' } }
    const { rows } = parseLinkPage({ data: [foreign] }, 1, context)
    expect(rows).toMatchObject([{ node: { code: 'UPSTREAM_MALFORMED', jsonPath: '$.data[0].account.id' } }])
    expect(rows[0]?.wireRow).toBeUndefined()
  })
})

describe('parseLinkResponse', () => {
  it('returns the link of a single response with its row', () => {
    const { context, log } = contextFor()
    const { link, row } = parseLinkResponse({ data: ROW }, '103', context)
    expect([link.id, link.accountId, row, log]).toEqual(['103', ACCOUNT_ID, ROW, []])
  })

  it.each<[string, unknown, string]>([
    ['another link', { ...ROW, id: 104 }, '$.data.id'],
    ['no link', null, '$.data'],
    ['a link of another account', { ...ROW, account_id: '01HZ7N9K3R0F2QW3X4Y5Z6V7AB' }, '$.data.account_id'],
  ])('refuses %s with the requested link in the message, and logs the path', async (_, data, jsonPath) => {
    const { context, log } = contextFor()
    const failure = await failureOf((async () => parseLinkResponse({ data }, '103', context))())
    expect(failure).toMatchObject({ code: 'UPSTREAM_MALFORMED', message: 'Link 103 cannot be read.', jsonPath })
    expect(log).toEqual([{ operation: 'payment-link.test', jsonPath }])
  })
})

describe('nextExpiry', () => {
  const { context } = contextFor()
  const nodeThatExpires = (expired_at: unknown) =>
    parseLinkResponse({ data: { ...ROW, expired_at } }, '103', context).link

  it('finds the first future expiry among past, absent and unreadable ones', () => {
    const expiries = ['2026-05-08T07:59:59Z', null, 'soon', '2026-05-08T10:00:00Z', '2026-05-08T09:00:00Z']
    const rows = [...expiries.map((expiry) => ({ node: nodeThatExpires(expiry) })), { node: new Error('unreadable') }]
    expect(nextExpiry(rows, NOW)).toBe(Date.parse('2026-05-08T09:00:00Z'))
  })

  it('finds no expiry when no link expires in the future', () => {
    expect(nextExpiry([{ node: nodeThatExpires(null) }], NOW)).toBeUndefined()
  })
})

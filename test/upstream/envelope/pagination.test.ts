import { describe, expect, it } from 'vitest'
import { hasRowsOn, parsePage } from '../../../src/upstream/envelope/pagination.js'

describe('parsePage', () => {
  const paginationOf = (extra: object) => parsePage({ data: [], ...extra }, 1).pagination
  const whole = { total: 47, perPage: 25, currentPage: 2, totalPages: 2, count: 22 }

  it.each([
    ['camelCase', { pagination: { ...whole, links: [] } }],
    [
      'text in snake_case',
      { pagination: { total: '47', per_page: '25', current_page: '2', total_pages: '2', count: '22' } },
    ],
    ['meta', { meta: { total: 47, per_page: 25, current_page: 2, last_page: 2, count: 22 } }],
    ['meta.pagination', { pagination: [], meta: { pagination: { ...whole } } }],
    ['meta beside a nonsense pagination', { pagination: { total: -1, perPage: 'x' }, meta: { ...whole } }],
  ])('finds the pagination in %s', (_, extra) => {
    expect(paginationOf(extra)).toStrictEqual(whole)
  })

  it.each([
    [{}],
    [{ pagination: null }],
    [{ pagination: [] }],
    [{ pagination: {}, meta: {} }],
    [{ pagination: 'x', meta: 7 }],
    [{ pagination: { total: -1, perPage: 0, currentPage: 1.5, totalPages: 'many' } }],
    [{ pagination: { total: Number.NaN, perPage: null, currentPage: true, totalPages: 2 ** 53 } }],
  ])('finds no pagination in a response with %j', (extra) => {
    expect(paginationOf(extra)).toBeUndefined()
  })

  it('drops only the nonsense numbers of a pagination', () => {
    expect(paginationOf({ pagination: { total: 0, perPage: -5, totalPages: 0 } })).toStrictEqual({
      total: 0,
      perPage: undefined,
      currentPage: undefined,
      totalPages: 0,
      count: undefined,
    })
  })

  it.each([[[]], [{}]])('reads data %j as an empty page', (data) => {
    expect(parsePage({ data }, 1).rows).toEqual([])
  })

  it('reads an object with whole-number keys as a list that PHP filtered', () => {
    expect(parsePage({ data: { 25: { id: 7 }, 26: null, 30: { id: 9 } } }, 1).rows).toEqual([
      { id: 7 },
      null,
      { id: 9 },
    ])
  })

  it.each<[string, number, object | undefined, 'empty' | 'malformed']>([
    ['a total of 0', 1, { total: 0 }, 'empty'],
    ['a total of 0 and one page', 1, { total: 0, perPage: 25, totalPages: 1 }, 'empty'],
    ['a last page before this one', 3, { total: 50, perPage: 25, currentPage: 3, totalPages: 2 }, 'empty'],
    ['only a number of pages, which ends before', 3, { totalPages: 2 }, 'empty'],
    ['only a total and a page size, which end before', 3, { total: 50, perPage: 25 }, 'empty'],
    ['no pagination', 1, undefined, 'malformed'],
    ['no pagination on a later page', 3, undefined, 'malformed'],
    ['a nonsense pagination', 1, { total: -1 }, 'malformed'],
    ['rows on this page', 1, { total: 7, perPage: 25, currentPage: 1, totalPages: 1 }, 'malformed'],
    ['rows on this page, the last', 2, { total: 26, perPage: 25, currentPage: 2, totalPages: 2 }, 'malformed'],
    ['one page and no total', 1, { perPage: 25, currentPage: 1, totalPages: 1 }, 'malformed'],
    ['numbers that disagree', 3, { total: 75, perPage: 25, totalPages: 2 }, 'malformed'],
    ['a total without a page size', 9, { total: 7 }, 'malformed'],
  ])('reads data null with %s, on page %i, %j, as %s', (_, number, pagination, verdict) => {
    const parse = () => parsePage({ data: null, pagination }, number)
    if (verdict === 'empty') expect(parse().rows).toEqual([])
    else expect(parse).toThrow(expect.objectContaining({ jsonPath: '$.data' }))
  })

  it('returns rows as they came, readable or not', () => {
    expect(parsePage({ data: [1, null, { id: 7 }] }, 1).rows).toEqual([1, null, { id: 7 }])
  })

  const many = <T>(element: T): readonly T[] => Array(10_001).fill(element)
  it.each([{}, null, 1, { id: 1 }])('refuses more than 10,000 rows, whatever they are: %j', (row) => {
    expect(parsePage({ data: many(row).slice(1) }, 1).rows).toHaveLength(10_000)
    for (const data of [many(row), { ...many(row) }]) {
      expect(() => parsePage({ data }, 1)).toThrow(expect.objectContaining({ jsonPath: '$.data' }))
    }
  })

  it.each([
    [{}],
    [{ data: { a: {} } }],
    [{ data: { 0: {}, a: {} } }],
    [{ data: '' }],
    [{ data: 'x' }],
    [{ data: 7 }],
    [{ data: false }],
  ])('refuses %j at $.data', (body) => {
    expect(() => parsePage(body, 1)).toThrow(expect.objectContaining({ jsonPath: '$.data' }))
  })

  it.each([[null], [[]], ['x']])('refuses %j as a body', (body) => {
    expect(() => parsePage(body, 1)).toThrow(expect.objectContaining({ jsonPath: '$' }))
  })
})

describe('hasRowsOn', () => {
  const pagination = { total: undefined, perPage: undefined, currentPage: 1, totalPages: undefined }
  it.each<[string, object | undefined, boolean]>([
    ['a total of more rows', { total: 30, perPage: 25 }, true],
    ['a total of more rows, whose page size is that of the page', { total: 30 }, true],
    ['more pages', { totalPages: 2 }, true],
    ['a total that the first page holds', { total: 25, perPage: 25 }, false],
    ['one page', { totalPages: 1 }, false],
    ['numbers that disagree', { total: 30, perPage: 25, totalPages: 1 }, false],
    ['no pagination', undefined, false],
  ])('decides from %s, %j, whether there are rows on page 2: %s', (_, given, expected) => {
    const rows = Array(25).fill({})
    expect(hasRowsOn(2, { rows, pagination: given && { ...pagination, ...given } })).toBe(expected)
  })
})

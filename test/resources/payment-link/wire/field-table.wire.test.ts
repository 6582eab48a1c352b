import { readFileSync } from 'node:fs'
import { isSafeNumber, LosslessNumber, parse } from 'lossless-json'
import { describe, expect, it } from 'vitest'
import { MalformedResponse } from '../../../../src/upstream/malformed-response.js'
import { parsePaymentLink } from '../whole-link.js'

const NOW = Date.parse('2026-05-08T08:00:00Z')
const AT = { accountId: '01K7P073Q8RE2A9PQT8Q7MXPN4', now: NOW, path: '$.data' }

interface TableRow {
  readonly wirePath: string
  readonly modelPath: string
  readonly kind: string
  readonly spellings: readonly { readonly wire: string; readonly model: unknown }[]
  readonly malformed: readonly string[]
}

const TABLE = readTable()

/** The derived fields of `baseRow`, worked out by hand from the rules below the table. */
const DERIVED: Record<string, unknown> = {
  status_computed: 'OPEN',
  is_expired: false,
  'items[0].subtotal': '40000.00',
  updated_at: '2026-05-08T07:30:00.000Z',
}

/** By the schema: `items` and everything in them, the facts of the account, and these. */
const MAY_BE_NULL =
  /^(title|payment_url|expired_at|whitelisted_payment_method|redirect_url|optional_metadata|payment_date|items.*|account.*)$/

describe('the table of link fields in docs/upstream.md', () => {
  it('docs/upstream.md names every key of the documented list row', () => {
    const list = JSON.parse(readFileSync('test/fixtures/upstream/list.response.json', 'utf8'))
    const named = new Set(TABLE.map((row) => row.wirePath))
    expect(Object.keys(list.data[0]).filter((key) => !named.has(key))).toEqual([])
  })

  it('docs/upstream.md names every field of the model but those derived from elsewhere', () => {
    const named = new Set(TABLE.map((row) => row.modelPath))
    const fields = Object.keys(parsePaymentLink(baseRow(), AT))
    expect(fields.filter((field) => !named.has(field))).toEqual(['accountId', 'hasPayments'])
  })

  it('has a value worked out by hand for every derived field', () => {
    const derived = TABLE.filter((row) => row.kind === 'derived').map((row) => row.wirePath)
    expect(derived.sort()).toEqual(Object.keys(DERIVED).sort())
  })

  describe.each(TABLE)('the field $wirePath, $kind', (row) => {
    it.each([
      ['absent', undefined],
      ['null', 'null'],
    ])(`reads ${row.wirePath} as documented when it is %s`, (_, wire) => {
      if (row.kind === 'required') return expectMalformed(row, wire)
      expect(modelOf(row, wire)).toEqual(emptyValueOf(row, wire))
    })

    it(`reads every spelling of ${row.wirePath} as documented`, () => {
      for (const { wire, model } of row.spellings) expect(modelOf(row, wire), wire).toEqual(model)
    })

    it(`refuses what is documented as malformed for ${row.wirePath}, with its path`, () => {
      for (const wire of row.malformed) expectMalformed(row, wire)
    })

    it(`loses no more than ${row.wirePath} when it is malformed, if that may be null in the schema`, () => {
      for (const wire of row.malformed) {
        const isLost = isThrown(() => parsePaymentLink(withField(row.wirePath, wire), AT))
        expect(isLost, wire).toBe(!MAY_BE_NULL.test(row.wirePath))
      }
    })
  })

  it('reads empty text as null wherever null is allowed', () => {
    for (const row of TABLE.filter(({ kind }) => kind === 'nullable'))
      expect(modelOf(row, '""'), row.wirePath).toBeNull()
  })

  it.each(['null', '7', '"x"', '[]', 'true', '12345678901234567890'])('refuses the row %s', (text) => {
    expect(() => parsePaymentLink(json(text), AT)).toThrow(expect.objectContaining({ jsonPath: '$.data' }))
  })

  it('ignores keys that the table does not name', () => {
    const row = { ...baseRow(), source: 'api v2', customer_name: { deep: [1] } }
    expect(parsePaymentLink(row, AT)).toEqual(parsePaymentLink(baseRow(), AT))
  })
})

function baseRow(): Record<string, unknown> {
  return {
    id: 103,
    reff_no: 'INV-1',
    title: 'Invoice',
    payment_url: 'https://pay.example.com/b2b/INV-1',
    status: 'open',
    status_computed: 'open',
    is_expired: false,
    required_customer_detail: true,
    max_usage: 5,
    current_usage: 0,
    expired_at: null,
    total_amount: { value: '40000.00', currency: 'EUR' },
    items: [{ name: 'tes', quantity: 2, unit_price: '20000', subtotal: 1 }],
    whitelisted_payment_method: ['QRIS'],
    redirect_url: 'https://merchant.example.com',
    optional_metadata: { a: 1 },
    payment_date: '2026-05-08T14:30:00+07:00',
    created_at: '2026-05-08T14:30:00+07:00',
    updated_at: '2026-05-08T15:00:00+07:00',
    account: { name: 'Main', email: 'a@example.com', phone: '0812', status: 'active' },
  }
}

function modelOf(row: TableRow, wire: string | undefined): unknown {
  const model: unknown = parsePaymentLink(withField(row.wirePath, wire), AT)
  return stepsOf(row.modelPath).reduce((value, step) => {
    const inner = (value as Record<string, unknown>)[step]
    // The error stands in the field's place, in that of its list, or in that of every fact of the account.
    const error = [inner, ...Object.values(inner ?? {})].find((each) => each instanceof MalformedResponse)
    if (error !== undefined) throw error
    return inner
  }, model)
}

function withField(wirePath: string, wire: string | undefined): Record<string, unknown> {
  const root = baseRow()
  const steps = stepsOf(wirePath)
  const last = steps.pop() ?? ''
  const parent = steps.reduce<Record<string, unknown>>((value, step) => value[step] as Record<string, unknown>, root)
  if (wire === undefined) delete parent[last]
  else parent[last] = json(wire)
  return root
}

function stepsOf(path: string): string[] {
  return path.split(/[.[\]]+/).filter((step) => step !== '')
}

function emptyValueOf(row: TableRow, wire: string | undefined): unknown {
  if (row.kind === 'nullable') return wire === undefined ? undefined : null
  if (row.kind === 'derived') return DERIVED[row.wirePath]
  const value = /^default `(.+)`$/.exec(row.kind)?.[1]
  if (value === undefined) throw new Error(`${row.wirePath} has an unknown kind: ${row.kind}`)
  return json(value)
}

function expectMalformed(row: TableRow, wire: string | undefined): void {
  let caught: unknown
  try {
    modelOf(row, wire)
  } catch (error) {
    caught = error
  }
  expect(caught, `${row.wirePath} = ${wire}`).toBeInstanceOf(MalformedResponse)
  const { code, message, jsonPath } = caught as MalformedResponse
  expect(jsonPath.startsWith(`$.data.${row.wirePath}`), jsonPath).toBe(true)
  expect(code).toBe('UPSTREAM_MALFORMED')
  expect(message).toMatch(/^(?:The upstream sent a response that|Link 103) cannot be read\.$/)
}

function isThrown(work: () => unknown): boolean {
  try {
    work()
    return false
  } catch {
    return true
  }
}

/** As the gateway parses responses: a number that a double cannot hold keeps its text. */
function json(text: string): unknown {
  return parse(text, null, (digits) => (isSafeNumber(digits) ? Number(digits) : new LosslessNumber(digits)))
}

function readTable(): TableRow[] {
  const lines = readFileSync('docs/upstream.md', 'utf8').split('\n')
  const start = lines.findIndex((line) => line.startsWith('| Wire field |')) + 2
  const end = lines.findIndex((line, index) => index >= start && !line.startsWith('|'))
  return lines.slice(start, end).map((line) => {
    const [field = '', model = '', kind = '', spellings = '', malformed = ''] = line.split(' |').map(trimCell)
    return {
      wirePath: codesOf(field)[0] ?? '',
      modelPath: codesOf(model)[0] ?? '',
      kind,
      spellings: spellings.split('; ').flatMap((group) => {
        const [wires = '', reading = ''] = group.split(' → ')
        return codesOf(wires).map((wire) => ({ wire, model: json(codesOf(reading)[0] ?? '') }))
      }),
      malformed: codesOf(malformed),
    }
  })
}

function trimCell(cell: string): string {
  return cell.replace(/^\|/, '').trim()
}

function codesOf(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)
}

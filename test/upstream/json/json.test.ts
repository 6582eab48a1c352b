import fc from 'fast-check'
import { isLosslessNumber, stringify } from 'lossless-json'
import { describe, expect, it } from 'vitest'
import { parseJson, writeJson } from '../../../src/upstream/json/json.js'

describe('parseJson', () => {
  it('equals JSON.parse for whatever JavaScript can write', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value)
        expect(JSON.parse(stringify(parseJson(text)) ?? '')).toEqual(JSON.parse(text))
      }),
    )
  })

  it('loses no digit of any number, wherever it stands', () => {
    const digits = fc.stringMatching(/^-?(?:0|[1-9]\d{0,24})(?:\.\d{1,24})?(?:[eE][+-]?\d{1,3})?$/)
    fc.assert(
      fc.property(digits, fc.constantFrom('[%]', '{"a":%}', '{"a": [1,%]}', '[\n%\n]'), (number, frame) => {
        const written = stringify(parseJson(frame.replace('%', number))) ?? ''
        expect(canonical(numberIn(written))).toEqual(canonical(number))
      }),
      { numRuns: 2000 },
    )
  })

  it('returns a plain number where a double is exact and the digits otherwise', () => {
    const { small, large, huge } = parseJson(
      '{"small":9007199254740991,"large":9007199254740993,"huge":1e400}',
    ) as Record<string, unknown>
    expect(small).toBe(9007199254740991)
    expect([isLosslessNumber(large), String(large)]).toEqual([true, '9007199254740993'])
    expect([isLosslessNumber(huge), String(huge)]).toEqual([true, '1e400'])
  })

  it.each(['{"__proto__":{"polluted":1}}', '{"__proto__":{"polluted":9007199254740993}}', '{"\\u005f_proto__":1e400}'])(
    'reads __proto__ as an ordinary key: %s',
    (text) => {
      const value = parseJson(text) as object
      expect(Object.keys(value)).toEqual(['__proto__'])
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
      expect(Object.prototype).not.toHaveProperty('polluted')
    },
  )

  it.each(['{"a":1,"a":2}', '{"a":9007199254740993,"a":2}'])('uses the last of two equal keys: %s', (text) => {
    expect(parseJson(text)).toEqual({ a: 2 })
  })

  it.each([
    ['exponents', `[${'1e1,'.repeat(50_000)}1]`],
    ['long numbers', `[${'0.12345678901234,'.repeat(12_000)}1]`],
    ['text that looks like numbers', JSON.stringify(': 1234567890123456 '.repeat(10_000))],
    ['brackets around a long number', `${'['.repeat(100_000)}9007199254740993${']'.repeat(100_000)}`],
    ['quotes that never end', `[1e1,"${'\\"'.repeat(100_000)}`],
  ])('takes at most a few times as long as JSON.parse for the worst 200 kB: %s', (_what, text) => {
    const leastOf = (work: () => void) =>
      Math.min(
        ...Array.from({ length: 3 }, () => {
          const startedAt = performance.now()
          work()
          return performance.now() - startedAt
        }),
      )
    const read = (parse: (text: string) => unknown) => () => {
      try {
        parse(text)
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError)
      }
    }
    expect(leastOf(read(parseJson))).toBeLessThan(500 + 40 * leastOf(read(JSON.parse)))
  })

  it.each([
    ['escaped quotes', `"${'\\"'.repeat(4_000_000)}"`],
    ['escaped backslashes', `"${'\\\\'.repeat(2_000_000)}"`],
    ['digits', '1'.repeat(8_000_000)],
    ['text that looks like numbers', `"${'1.'.repeat(4_000_000)}"`],
    ['small numbers', `[${'1,'.repeat(400_000)}1]`],
    ['keys', `{${Array.from({ length: 100_000 }, (_, index) => `"${index}":1`).join()}}`],
  ])('keeps the digits of a number beside megabytes of %s', (_what, neighbour) => {
    const { number, after } = parseJson(`{"number":12345678901234567890,"beside":${neighbour},"after":"x"}`) as {
      number: unknown
      after: unknown
    }
    expect([isLosslessNumber(number), String(number), after]).toEqual([true, '12345678901234567890', 'x'])
  })

  it('refuses more than 100,000 numbers that a double cannot hold', () => {
    expect(() => parseJson(`[${'1e400,'.repeat(100_000)}1e400]`)).toThrow(RangeError)
    expect(parseJson(`[${'1e300,'.repeat(20_000)}1]`)).toHaveLength(20_001)
  })

  it('keeps digits at any depth, and digits inside strings as they are', () => {
    const text = `{"deep":${'['.repeat(20_000)}9007199254740993${']'.repeat(20_000)},"text":": 9007199254740993, \\"1e400"}`
    const { deep, text: kept } = parseJson(text) as { deep: unknown; text: string }
    let inner = deep
    while (Array.isArray(inner)) inner = inner[0]
    expect([String(inner), kept]).toEqual(['9007199254740993', ': 9007199254740993, "1e400'])
  })

  it('refuses text that is not JSON, with long numbers or without', () => {
    for (const text of ['', '{', '{"a":9007199254740993', '[9007199254740993,]', "{'a':1}", '{"a":01}']) {
      expect(() => parseJson(text)).toThrow(SyntaxError)
    }
  })
})

describe('a lone surrogate', () => {
  it.each([
    ['"a\\ud83d"', 'a\ufffd'],
    ['"\\uD83Da"', '\ufffda'],
    ['"\\ude00"', '\ufffd'],
    ['"\\ude00\\ud83d"', '\ufffd\ufffd'],
    ['"\\ud83d\\ud83d\\ude00"', '\ufffd😀'],
    ['"\\ud83d\\ude00"', '😀'],
    ['"\\ud83d\\n\\ude00"', '\ufffd\n\ufffd'],
    ['"\\\\ud83d"', '\\ud83d'],
    ['"\\\\\\ud83d"', '\\\ufffd'],
    ['"\\/\\u00e9"', '/é'],
    ['"😀"', '😀'],
  ])('replaces a lone surrogate with U+FFFD, but no whole character: %s', (text, value) => {
    expect(parseJson(text)).toBe(value)
  })

  it('replaces a lone surrogate in keys and beside long numbers', () => {
    expect(parseJson('{"k\\ud83d":["\\ude00",1]}')).toEqual({ 'k\ufffd': ['\ufffd', 1] })
    expect(writeJson(parseJson('{"k\\ud83d":1e400}'))).toBe('{"k\ufffd":1e400}')
  })
})

describe('writeJson', () => {
  it('equals JSON.stringify when no digits are at stake', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(writeJson(value)).toBe(JSON.stringify(value))
      }),
    )
  })

  it.each([
    '{"order":9007199254740993,"n":12345678901234567890,"rate":0.1234567890123456789,"huge":1e400}',
    '[-9007199254740993,[[1E-400]],{"__proto__":12345678901234567890,"toJSON":1e400,"constructor":{"a":1e400}}]',
    '{"isLosslessNumber":true,"value":"1"}',
    '{"text":"12345678901234567890","isLosslessNumber":true,"n":12345678901234567890.10}',
    '12345678901234567890',
  ])('writes the digits that were read: %s', (text) => {
    expect(writeJson(parseJson(text))).toBe(text)
  })

  it('writes numbers that a double holds by their value', () => {
    expect(writeJson(parseJson('[1.0,1E5,-0,0.10,1e3]'))).toBe('[1,100000,0,0.1,1000]')
  })
})

function numberIn(text: string): string {
  return /(-?[\d.]+(?:[eE][+-]?\d+)?)\s*[\]}]*\s*$/.exec(text)?.[1] ?? ''
}

/** A decimal as digits and exponent, in integers only: an oracle without doubles. */
function canonical(text: string): { digits: string; exponent: number } {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const trimmed = digits.replace(/0+$/, '')
  if (trimmed === '') return { digits: '0', exponent: 0 }
  return { digits: sign + trimmed, exponent: Number(exponent) - fraction.length + digits.length - trimmed.length }
}

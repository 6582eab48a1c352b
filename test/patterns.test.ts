import { describe, expect, it } from 'vitest'
import { compilePattern } from './support/pattern-engine.js'
import { findPatterns, findSlowText, patternsIn } from './support/patterns.js'

const patterns = findPatterns()

describe('the regular expressions of src', () => {
  it('finds the regular expressions of src', () => {
    expect(patterns.length).toBeGreaterThan(50)
    expect(patterns.some(({ path }) => path === 'resources/account-facts/account-id.ts')).toBe(true)
  })

  it.each(patterns.map((pattern) => [`${pattern.path} /${pattern.source}/${pattern.flags}`, pattern] as const))(
    'runs a regular expression in linear time: %s',
    (_place, pattern) => {
      expect(findSlowText(pattern)).toBeUndefined()
    },
  )
})

describe('the search for slow regular expressions', () => {
  it.each([
    / Did you mean [^?]+\?/g,
    /\d+\.\d+\.\d+/,
    /0+$/,
    /^(a+)+$/,
    /(?:a|a)*b/,
    /^\s*x?\s*$/,
    /"[^"\\]*(?:\\.[^"\\]*)*"/,
    /^(.*?) at (.*)\/(\d+)$/,
    /\s+x/,
    /a{0,1000}b/,
    /(?<!-)x*y/,
  ])('finds the slow regular expression %s', ({ source, flags }) => {
    expect(findSlowText({ source, flags })).toEqual(expect.any(String))
  })

  it.each([
    /^\d+$/,
    /^[a-z]+(?:-[a-z]+)*$/,
    /\d{1,3}\.\d{1,3}/,
    /\bword\b/i,
    /(?<![a-z])ip(?! )/i,
    /(?<=[.,] ?)\d/,
    /(?<!\w)x*y/,
    /"[^"]*(?:"|$)/g,
  ])('accepts the linear regular expression %s', ({ source, flags }) => {
    expect(findSlowText({ source, flags })).toBeUndefined()
  })

  it('reads literals and calls of RegExp from the source', () => {
    const text = `const a = new RegExp(\`^\${b}+$\`, 'g'), c = RegExp('d'), e = /f\\/[/]/i`
    expect(patternsIn('a.ts', text)).toEqual([
      { path: 'a.ts', source: '^some words+$', flags: 'g' },
      { path: 'a.ts', source: 'd', flags: '' },
      { path: 'a.ts', source: 'f\\/[/]', flags: 'i' },
    ])
    expect(() => patternsIn('a.ts', 'new RegExp(text)')).toThrow('must be a literal')
  })

  it('matches what the engine of Node matches, for every regular expression of src', () => {
    const texts = [
      '',
      'a',
      '0',
      '1.2.3',
      'at least 1',
      '-0.5e3',
      '"a\\"b" 1',
      'x: y',
      'https://a.example/b?c',
      'sql1',
      'Aé é\n',
      '2026-01-02T03:04:05.6+07:00',
    ]
    for (const { source, flags } of patterns) {
      const native = new RegExp(source, flags.replace('g', ''))
      const pattern = compilePattern(source, flags)
      const found = texts.map((text) => pattern.run(text).found)
      expect({ source, found }).toEqual({ source, found: texts.map((text) => native.exec(text)?.[0]) })
    }
  })
})

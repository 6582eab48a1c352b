import { describe, expect, it } from 'vitest'
import {
  findHalfCharacter,
  findNumberedMap,
  isMethodCode,
  isWebAddress,
  isWholeText,
} from '../../../../src/resources/payment-link/update/update.rules.js'

describe('isWebAddress', () => {
  it.each([
    'https://my_shop.example.com/thanks?order=1#end',
    'https://m.example./',
    'https://m.example.',
    'https://m.example',
    'http://m.example?x=a@b',
    'https://m.example/@user/a:b',
    'https://m.example:8443/x',
    'https://localhost:3000',
    'http://127.0.0.1/x',
    'http://[::1]:3000/x',
    'https://[2001:db8::1]/',
    'https://xn--mnchen-3ya.example/',
    'https://münchen.example/größe',
    'https://例え.テスト/支払い',
    'https://m.example/%F0%9F%91%8D/👍',
    'HTTPS://M.Example/Path',
    `https://${'a'.repeat(63)}.example/`,
  ])('accepts the web address %s', (text) => expect(isWebAddress(text)).toBe(true))

  it('accepts a host with a non-ASCII letter even after very many checks', () => {
    const text = 'https://münchen.example/größe'
    for (let n = 0; n < 50_000; n += 1) isWebAddress(text)
    expect(isWebAddress(text)).toBe(true)
  })

  it.each([
    '',
    'm.example/x',
    '//m.example/x',
    '/done',
    'https:m.example',
    'https:/m.example',
    'https:///m.example',
    'http:///x',
    'https://',
    'https://?x',
    'https://#x',
    'https:\\\\m.example',
    'https://m.example\\@evil.example/',
    'https://m.example/a\\b',
    'https://user@m.example/',
    'https://user:pw@m.example/',
    'https://@m.example/',
    'https://:@m.example/',
    'javascript:alert(1)',
    'JavaScript://m.example/%0aalert(1)',
    'data:text/html,x',
    'ftp://m.example/',
    'mailto:a@m.example',
    'blob:https://m.example/x',
    ' https://m.example/',
    'https://m.example/ ',
    'https://m.example/a b',
    'https://m .example/',
    'https://m.example/\n',
    'ht\ntps://m.example/',
    'https://m.exa\tmple/',
    'https://m.example/\0',
    'https://m.example/\u007f',
    'https://m.example/<script>',
    'https://m.example:port/',
    'https://m.example:65536/',
    'https://:8080/',
    'https://.example/',
    'https://m..example/',
    'https://m.example../',
    'https://./',
    'https://m%2Fexample/',
    'https://300.1.1.1/',
    'https://[::1/',
    'https://[g::1]/',
    `https://${'a'.repeat(64)}.example/`,
  ])('refuses the web address %j', (text) => expect(isWebAddress(text)).toBe(false))

  it('checks a web address of any length in linear time', () => {
    for (const part of ['https://', 'a.', 'a', '.', '/', '@', '?', '\\', ' ', '[', 'xn--', '👍']) {
      expect(isWebAddress(`https://${part.repeat(200_000)}\n`)).toBe(false)
      expect(isWebAddress(`${part.repeat(200_000)}\n`)).toBe(false)
    }
  })
})

describe('isMethodCode', () => {
  it.each(['QRIS', 'VA_BRI', 'RETAIL_ALFAMART_LINKQU', 'qris', 'A.B-C_1', 'x'.repeat(64)])(
    'accepts the method code %s',
    (code) => expect(isMethodCode(code)).toBe(true),
  )

  it.each(['', ' ', 'VA BRI', 'QRIS\n', 'x'.repeat(65), 'QRÍS', '\ud83d', 'a,b', '<b>', '"'])(
    'refuses the method code %j',
    (code) => expect(isMethodCode(code)).toBe(false),
  )
})

describe('isWholeText and findHalfCharacter', () => {
  it.each(['\ud83d', 'a\ud83d', '\udc4d', '\udc4d\ud83d', '\ud83da\udc4d', '\ud83d\ud83d\udc4d'])(
    'finds half a character in %j',
    (text) => expect(isWholeText(text)).toBe(false),
  )

  it.each(['', 'a', 'é', '\u{1f44d}', '\ufffd', 'a\u{1f44d}b'])('finds no half character in %j', (text) =>
    expect(isWholeText(text)).toBe(true),
  )

  it.each<[unknown, string | undefined]>([
    [{ a: '\ud83d' }, '.a'],
    [{ a: [1, { b: ['x', '\udc4d'] }] }, '.a[1].b[1]'],
    [{ a: { '\ud83d': 1 } }, '.a.\ud83d'],
    [{ a: ['\u{1f44d}'], b: null, c: true, '\u{1f44d}': {} }, undefined],
  ])('finds the path of half a character in %j', (value, place) => expect(findHalfCharacter(value)).toBe(place))
})

describe('findNumberedMap', () => {
  it.each<[string, string | undefined]>([
    ['{"0":"red","1":"large"}', ''],
    ['{"1":"large","0":"red"}', ''],
    ['{"0":{}}', ''],
    ['{"a":{"0":1}}', '.a'],
    ['{"a":[{"b":1},[{"0":1,"1":2,"2":3}]]}', '.a[1][0]'],
    ['{"0":1,"a":{"0":1}}', '.a'],
    ['{}', undefined],
    ['{"a":{},"b":[]}', undefined],
    ['{"1":"a"}', undefined],
    ['{"0":"a","2":"b"}', undefined],
    ['{"0":"a","b":1}', undefined],
    ['{"00":"a"}', undefined],
    ['{"-0":"a"}', undefined],
    ['{"a":["x","y"]}', undefined],
  ])('finds the path of a numbered map in %s', (json, place) => expect(findNumberedMap(JSON.parse(json))).toBe(place))
})

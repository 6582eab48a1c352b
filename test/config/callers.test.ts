import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type Environment, loadSettings } from '../../src/config/load.js'

const JWT = {
  SINGAPAY_BASE_URL: 'sandbox',
  AUTH_MODE: 'jwt',
  JWT_ISSUER: 'https://issuer.example/',
  JWT_AUDIENCE: 'payment-links',
}
const SECRET = { JWT_SECRET: 'thirty-two bytes are the least: x' }
const ORIGIN = { SINGAPAY_BASE_URL: 'https://api.example' }
const MERCHANT = { SINGAPAY_API_KEY: 'key', SINGAPAY_CLIENT_ID: 'id', SINGAPAY_CLIENT_SECRET: 'secret' }

function settingsOf(env: Environment) {
  const loaded = loadSettings(env)
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'))
  return loaded.settings
}

function problemsOf(env: Environment): readonly string[] {
  const loaded = loadSettings(env)
  return loaded.ok ? [] : loaded.problems
}

const pemOf = (key: KeyObject): string => key.export({ format: 'pem', type: 'spki' }).toString()

describe('callers with tokens', () => {
  it('are told by one key, an issuer and an audience', () => {
    expect(settingsOf({ ...JWT, ...SECRET }).callers).toEqual({
      mode: 'jwt',
      issuer: 'https://issuer.example/',
      audience: 'payment-links',
      key: { kind: 'secret', secret: SECRET.JWT_SECRET },
    })
    const url = 'https://issuer.example/keys?v=1'
    expect(settingsOf({ ...JWT, JWT_JWKS_URL: url }).callers).toMatchObject({ key: { kind: 'key-set', url } })
  })

  it('ask for all of it at once', () => {
    expect(problemsOf({ SINGAPAY_BASE_URL: 'sandbox', AUTH_MODE: 'jwt' })).toEqual([
      expect.stringMatching(/^JWT_ISSUER: is required with AUTH_MODE=jwt; expected /),
      expect.stringMatching(/^JWT_AUDIENCE: is required with AUTH_MODE=jwt; expected /),
      'AUTH_MODE=jwt: expected exactly one of JWT_JWKS_URL, JWT_PUBLIC_KEY, JWT_SECRET, but got none',
    ])
  })

  it('take no second key', () => {
    expect(problemsOf({ ...JWT, ...SECRET, JWT_JWKS_URL: 'https://issuer.example/keys' })).toEqual([
      'AUTH_MODE=jwt: expected exactly one of JWT_JWKS_URL, JWT_PUBLIC_KEY, JWT_SECRET, but got JWT_JWKS_URL and JWT_SECRET',
    ])
  })

  it('need the merchant to be known all the same', () => {
    const names = problemsOf({ ...JWT, ...SECRET, ...ORIGIN }).map((problem) => problem.split(':')[0])
    expect(names).toEqual(['SINGAPAY_API_KEY', 'SINGAPAY_CLIENT_ID', 'SINGAPAY_CLIENT_SECRET'])
    expect(problemsOf({ ...JWT, ...SECRET, ...ORIGIN, ...MERCHANT, HOST: '0.0.0.0' })).toEqual([])
  })

  it.each(['none', 'passthrough', ''])('leave nothing set that would check nobody with AUTH_MODE=%s', (mode) => {
    for (const name of ['JWT_ISSUER', 'JWT_AUDIENCE']) {
      expect(problemsOf({ SINGAPAY_BASE_URL: 'sandbox', AUTH_MODE: mode, [name]: 'x' })).toEqual([
        `${name}: checks nobody without AUTH_MODE=jwt; expected nothing`,
      ])
    }
  })
})

describe('a secret', () => {
  it.each([
    ['31 bytes', 'x'.repeat(31), 1],
    ['32 bytes', 'x'.repeat(32), 0],
    ['16 characters of 32 bytes', 'é'.repeat(16), 0],
  ])('of %s', (_, secret, problems) => {
    expect(problemsOf({ ...JWT, JWT_SECRET: secret })).toHaveLength(problems)
  })
})

describe('a public key', () => {
  const good: readonly (readonly [string, KeyObject])[] = [
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey],
    ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey],
    ['P-521', generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey],
    ['Ed25519', generateKeyPairSync('ed25519').publicKey],
  ]
  it.each(good)('may be %s, with line ends of any kind', (_, key) => {
    const pem = pemOf(key)
    for (const text of [pem, pem.trim(), pem.replaceAll('\n', '\r\n'), pem.replaceAll('\n', '\\n')]) {
      const { callers } = settingsOf({ ...JWT, JWT_PUBLIC_KEY: text })
      const read = callers.mode === 'jwt' && callers.key.kind === 'public-key' ? callers.key.key : undefined
      expect(read?.equals(key)).toBe(true)
    }
  })

  const [, rsa] = good[0] ?? []
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const bad: readonly (readonly [string, string])[] = [
    ['a private key', pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()],
    ['a private key in its older form', pair.privateKey.export({ format: 'pem', type: 'pkcs1' }).toString()],
    ['the older form of an RSA key', pair.publicKey.export({ format: 'pem', type: 'pkcs1' }).toString()],
    ['a short RSA key', pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)],
    ['a curve that no algorithm takes', pemOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey)],
    ['a key that signs nothing', pemOf(generateKeyPairSync('x25519').publicKey)],
    ['two keys', rsa === undefined ? '' : pemOf(rsa) + pemOf(rsa)],
    ['a key cut short', rsa === undefined ? '' : pemOf(rsa).slice(0, 200)],
    ['no key', 'x'.repeat(40)],
  ]
  it.each(bad)('may not be %s, and is not repeated', (_, text) => {
    const problems = problemsOf({ ...JWT, JWT_PUBLIC_KEY: text })
    expect(problems).toEqual([
      expect.stringMatching(/^JWT_PUBLIC_KEY: expected a public key in PEM .* \(what came is not shown\)$/),
    ])
  })
})

describe('the address of a key set', () => {
  it.each([
    'https://issuer.example/.well-known/jwks.json',
    'http://127.0.0.1:8080/keys',
    'http://localhost/',
    'http://[::1]/k',
  ])('may be %s', (url) => {
    expect(problemsOf({ ...JWT, JWT_JWKS_URL: url })).toEqual([])
  })

  it.each([
    'http://issuer.example/keys',
    'http://127.0.0.1.evil.example/',
    'https://user:hush@issuer.example/keys',
    'https://issuer.example/keys#x',
    'https://issuer.example/a b',
    'https:issuer.example',
    'file:///keys.json',
    'data:application/json,{"keys":[]}',
    'issuer.example/keys',
  ])('may not be %s', (url) => {
    const problems = problemsOf({ ...JWT, JWT_JWKS_URL: url })
    expect(problems).toEqual([expect.stringMatching(/^JWT_JWKS_URL: expected an https URL/)])
    expect(problems.join()).not.toContain('hush')
  })
})

describe('callers with credentials of their own', () => {
  it('make those of the merchant needless, and where they are given they are not held', () => {
    for (const given of [{}, MERCHANT]) {
      const { callers, upstream } = settingsOf({ ...ORIGIN, AUTH_MODE: 'passthrough', HOST: '0.0.0.0', ...given })
      expect([callers, upstream]).toEqual([
        { mode: 'passthrough' },
        { kind: 'origin', origin: 'https://api.example', tokenVersion: '1.1' },
      ])
    }
  })
})

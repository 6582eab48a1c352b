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

describe('AUTH_MODE=jwt', () => {
  it('reads a key, an issuer and an audience for AUTH_MODE=jwt', () => {
    expect(settingsOf({ ...JWT, ...SECRET }).callers).toEqual({
      mode: 'jwt',
      issuer: 'https://issuer.example/',
      audience: 'payment-links',
      key: { kind: 'secret', secret: SECRET.JWT_SECRET },
    })
    const url = 'https://issuer.example/keys?v=1'
    expect(settingsOf({ ...JWT, JWT_JWKS_URL: url }).callers).toMatchObject({ key: { kind: 'key-set', url } })
  })

  it('reports everything that AUTH_MODE=jwt is missing at once', () => {
    expect(problemsOf({ SINGAPAY_BASE_URL: 'sandbox', AUTH_MODE: 'jwt' })).toEqual([
      expect.stringMatching(/^JWT_ISSUER: is required with AUTH_MODE=jwt; expected /),
      expect.stringMatching(/^JWT_AUDIENCE: is required with AUTH_MODE=jwt; expected /),
      'AUTH_MODE=jwt: expected exactly one of JWT_JWKS_URL, JWT_PUBLIC_KEY, JWT_SECRET, but got none',
    ])
  })

  it('refuses a second key for AUTH_MODE=jwt', () => {
    expect(problemsOf({ ...JWT, ...SECRET, JWT_JWKS_URL: 'https://issuer.example/keys' })).toEqual([
      'AUTH_MODE=jwt: expected exactly one of JWT_JWKS_URL, JWT_PUBLIC_KEY, JWT_SECRET, but got JWT_JWKS_URL and JWT_SECRET',
    ])
  })

  it("also requires the merchant's credentials with AUTH_MODE=jwt", () => {
    const names = problemsOf({ ...JWT, ...SECRET, ...ORIGIN }).map((problem) => problem.split(':')[0])
    expect(names).toEqual(['SINGAPAY_API_KEY', 'SINGAPAY_CLIENT_ID', 'SINGAPAY_CLIENT_SECRET'])
    expect(problemsOf({ ...JWT, ...SECRET, ...ORIGIN, ...MERCHANT, HOST: '0.0.0.0' })).toEqual([])
  })

  it.each(['none', 'passthrough', ''])('refuses token settings that have no effect with AUTH_MODE=%s', (mode) => {
    for (const name of ['JWT_ISSUER', 'JWT_AUDIENCE']) {
      expect(problemsOf({ SINGAPAY_BASE_URL: 'sandbox', AUTH_MODE: mode, [name]: 'x' })).toEqual([
        `${name}: has no effect without AUTH_MODE=jwt; expected nothing`,
      ])
    }
  })
})

describe('JWT_SECRET', () => {
  it.each([
    ['31 bytes', 'x'.repeat(31), 1],
    ['32 bytes', 'x'.repeat(32), 0],
    ['16 characters of 32 bytes', 'é'.repeat(16), 0],
  ])('checks the length of a JWT_SECRET of %s', (_, secret, problems) => {
    expect(problemsOf({ ...JWT, JWT_SECRET: secret })).toHaveLength(problems)
  })
})

describe('JWT_PUBLIC_KEY', () => {
  const good: readonly (readonly [string, KeyObject])[] = [
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey],
    ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey],
    ['P-521', generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey],
    ['Ed25519', generateKeyPairSync('ed25519').publicKey],
  ]
  it.each(good)('accepts %s as a public key, with any line breaks', (_, key) => {
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
    ['a private key in PKCS #1', pair.privateKey.export({ format: 'pem', type: 'pkcs1' }).toString()],
    ['an RSA key in PKCS #1', pair.publicKey.export({ format: 'pem', type: 'pkcs1' }).toString()],
    ['a short RSA key', pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)],
    ['a curve without an algorithm', pemOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey)],
    ['a key that cannot sign', pemOf(generateKeyPairSync('x25519').publicKey)],
    ['two keys', rsa === undefined ? '' : pemOf(rsa) + pemOf(rsa)],
    ['a truncated key', rsa === undefined ? '' : pemOf(rsa).slice(0, 200)],
    ['no key', 'x'.repeat(40)],
  ]
  it.each(bad)('refuses %s as a public key, without printing it', (_, text) => {
    const problems = problemsOf({ ...JWT, JWT_PUBLIC_KEY: text })
    expect(problems).toEqual([
      expect.stringMatching(/^JWT_PUBLIC_KEY: expected a public key in PEM .* \(the value is not shown\)$/),
    ])
  })
})

describe('JWT_JWKS_URL', () => {
  it.each([
    'https://issuer.example/.well-known/jwks.json',
    'http://127.0.0.1:8080/keys',
    'http://localhost/',
    'http://[::1]/k',
  ])('accepts %s as the URL of a key set', (url) => {
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
  ])('refuses %s as the URL of a key set', (url) => {
    const problems = problemsOf({ ...JWT, JWT_JWKS_URL: url })
    expect(problems).toEqual([expect.stringMatching(/^JWT_JWKS_URL: expected an https URL/)])
    expect(problems.join()).not.toContain('hush')
  })
})

describe('AUTH_MODE=passthrough', () => {
  it("neither requires nor keeps the merchant's credentials with AUTH_MODE=passthrough", () => {
    for (const given of [{}, MERCHANT]) {
      const { callers, upstream } = settingsOf({ ...ORIGIN, AUTH_MODE: 'passthrough', HOST: '0.0.0.0', ...given })
      expect([callers, upstream]).toEqual([{ mode: 'passthrough' }, { kind: 'origin', origin: 'https://api.example' }])
    }
  })
})

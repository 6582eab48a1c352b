import { createSign, generateKeyPairSync } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type CryptoKey, exportSPKI, importJWK, SignJWT } from 'jose'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findRefusal } from '../../../src/kernel/grants.js'
import { isAnonymous } from '../../../src/kernel/principal.js'
import { linkAccess } from '../../../src/resources/payment-link/payment-link.keys.js'
import type { Callers } from '../../../src/server/callers/callers.js'
import { failureOf, MovedClock } from '../../support/with-upstream.js'
import { type KeyServer, makeKey, type SigningKey, startKeyServer } from './key-server.js'
import {
  ACCOUNT,
  AUDIENCE,
  bearer,
  bearing,
  callersWith,
  claims,
  forge,
  ISSUER,
  OTHER_ACCOUNT,
  sign,
} from './tokens.js'

const SECRET = 'a secret of at least thirty-two bytes, for tests'
const SECONDS = 1000

let rsa: SigningKey
let otherRsa: SigningKey
let ec: SigningKey
let edwards: SigningKey
beforeAll(async () => {
  const kinds = [makeKey('rsa'), makeKey('rsa-2'), makeKey('ec', 'ES256'), makeKey('ed', 'EdDSA')] as const
  ;[rsa, otherRsa, ec, edwards] = await Promise.all(kinds)
})

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

async function keyServer(...keys: readonly SigningKey[]): Promise<KeyServer> {
  const server = await startKeyServer(keys.map(({ jwk }) => jwk))
  stops.push(() => server.stop())
  return server
}

const pemOf = async (key: SigningKey): Promise<string> => exportSPKI(await publicKeyOf(key))
const publicKeyOf = async ({ jwk, alg }: SigningKey) => (await importJWK(jwk, alg)) as CryptoKey

async function refusalOf(callers: Callers, request: IncomingMessage): Promise<unknown> {
  return failureOf(callers(request))
}

const unauthenticated = (message = expect.any(String)) => expect.objectContaining({ code: 'UNAUTHENTICATED', message })

describe('a valid token', () => {
  it('names the caller and grants what its claims say', async () => {
    const callers = callersWith({ JWT_SECRET: SECRET })
    const token = forge({ alg: 'HS256' }, claims({ scope: 'openid payment-links:read' }), { secret: SECRET })
    const { caller, credential, grants } = await callers(bearer(token))
    expect([caller, credential]).toEqual([`${ISSUER}|shop-7`, 'merchant'])
    expect(findRefusal(grants, linkAccess(ACCOUNT, 'read')) === undefined).toBe(true)
    expect(findRefusal(grants, linkAccess(ACCOUNT, 'write')) === undefined).toBe(false)
    expect(findRefusal(grants, linkAccess(OTHER_ACCOUNT, 'read')) === undefined).toBe(false)
  })

  it.each([
    ['a list of scopes', ['payment-links:read', 'payment-links:write'], '*', true],
    ['scopes as text', 'payment-links:write payment-links:read', [OTHER_ACCOUNT], true],
    ['no scope', undefined, '*', false],
    ['an empty scope', '', '*', false],
    ['no accounts', 'payment-links:read', undefined, false],
    ['an empty list of accounts', 'payment-links:read', [], false],
    ['scopes separated by commas, which make one unknown scope', 'payment-links:read,payment-links:write', '*', false],
    ['a scope in another case', 'Payment-Links:Read', '*', false],
    ['a wildcard, which is not a scope', '*', '*', false],
  ])('reads the grants of a token with %s', async (_, scope, accounts, mayRead) => {
    const callers = callersWith({ JWT_SECRET: SECRET })
    const token = forge({ alg: 'HS256' }, claims({ scope, accounts }), { secret: SECRET })
    const { grants } = await callers(bearer(token))
    expect(findRefusal(grants, linkAccess(OTHER_ACCOUNT, 'read')) === undefined).toBe(mayRead)
  })

  it.each(['HS256', 'HS384', 'HS512'])('accepts a token signed with a secret by %s', async (alg) => {
    const hash = alg.replace('HS', 'sha')
    const token = forge({ alg }, claims(), { secret: SECRET, hash })
    expect(isAnonymous(await callersWith({ JWT_SECRET: SECRET })(bearer(token)))).toBe(false)
  })

  it('accepts a token signed with an RSA, EC or Ed25519 key', async () => {
    for (const key of [rsa, ec, edwards]) {
      const pem = await pemOf(key)
      for (const written of [pem, pem.replaceAll('\n', '\\n')]) {
        const { caller } = await callersWith({ JWT_PUBLIC_KEY: written })(bearer(await sign(key)))
        expect(caller).toBe(`${ISSUER}|shop-7`)
      }
    }
  })

  it('accepts the Bearer scheme in any case and with several spaces', async () => {
    const token = forge({ alg: 'HS256' }, claims(), { secret: SECRET })
    const callers = callersWith({ JWT_SECRET: SECRET })
    for (const text of [`bearer ${token}`, `BEARER   ${token}`]) {
      expect(isAnonymous(await callers(bearing(text)))).toBe(false)
    }
  })
})

describe('a request without a token', () => {
  it('treats a request without a token as anonymous, without grants', async () => {
    const principal = await callersWith({ JWT_SECRET: SECRET })(bearing())
    expect(isAnonymous(principal)).toBe(true)
    expect([principal.grants.accounts, principal.grants.scopes]).toEqual([new Set(), new Set()])
  })
})

describe('a malformed authorization header', () => {
  const token = forge({ alg: 'HS256' }, claims(), { secret: SECRET })
  it.each([
    ['empty', ['']],
    ['of another scheme', [`Basic ${token}`]],
    ['without a scheme', [token]],
    ['with a tab', [`Bearer\t${token}`]],
    ['with two tokens', [`Bearer ${token} ${token}`]],
    ['with two tokens separated by a comma', [`Bearer ${token}, Bearer ${token}`]],
    ['with a token in quotes', [`Bearer "${token}"`]],
    ['with an encrypted token', [`Bearer ${token}.a.b`]],
    ['that is repeated, even if both are valid', [`Bearer ${token}`, `Bearer ${token}`]],
  ])('refuses an authorization header %s', async (_, values) => {
    expect(await refusalOf(callersWith({ JWT_SECRET: SECRET }), bearing(...values))).toEqual(unauthenticated())
  })
})

describe('a token with wrong claims', () => {
  const nowSeconds = Math.floor(Date.now() / SECONDS)
  it.each([
    ['of another issuer', { iss: 'https://evil.example/' }],
    ['whose issuer only starts with ours', { iss: `${ISSUER}x` }],
    ['without an issuer', { iss: undefined }],
    ['for another audience', { aud: 'other' }],
    ['for a list without our audience', { aud: ['other', 'payment-links-2'] }],
    ['without an audience', { aud: undefined }],
    ['without an expiry', { exp: undefined }],
    ['whose expiry is text', { exp: String(nowSeconds + 600) }],
    ['whose expiry is null', { exp: null }],
    ['that is not valid yet', { nbf: nowSeconds + 60 }],
    ['that has expired', { exp: nowSeconds - 60 }],
    ['whose subject is not text', { sub: { admin: true } }],
    ['whose scope is a number', { scope: 7 }],
    ['whose scopes are not all text', { scope: ['payment-links:read', null] }],
    ['whose accounts are a single string', { accounts: ACCOUNT }],
    ['whose accounts contain a wildcard', { accounts: ['*'] }],
    ['whose accounts contain something other than a ULID', { accounts: [ACCOUNT, ACCOUNT.toLowerCase()] }],
    ['whose accounts are an object', { accounts: { 0: ACCOUNT, length: 1 } }],
    ['whose accounts are true', { accounts: true }],
  ])('refuses a token %s', async (_, changes) => {
    const token = forge({ alg: 'HS256' }, claims(changes), { secret: SECRET })
    expect(await refusalOf(callersWith({ JWT_SECRET: SECRET }), bearer(token))).toEqual(unauthenticated())
  })

  it('refuses a token whose payload is not an object', async () => {
    for (const payload of [null, [], 'text', 7]) {
      const token = forge({ alg: 'HS256' }, payload, { secret: SECRET })
      expect(await refusalOf(callersWith({ JWT_SECRET: SECRET }), bearer(token))).toEqual(unauthenticated())
    }
  })

  it('allows for a clock skew of 30 seconds and no more', async () => {
    const clock = new MovedClock()
    const callers = callersWith({ JWT_SECRET: SECRET }, clock)
    const at = (changes: object) =>
      bearer(forge({ alg: 'HS256' }, claims({ aud: ['other', AUDIENCE], ...changes }), { secret: SECRET }))
    const seconds = Math.floor(clock.now() / SECONDS)
    expect(isAnonymous(await callers(at({ exp: seconds - 27 })))).toBe(false)
    expect(isAnonymous(await callers(at({ nbf: seconds + 27 })))).toBe(false)
    expect(await refusalOf(callers, at({ exp: seconds - 31 }))).toEqual(unauthenticated('The token has expired.'))
    expect(await refusalOf(callers, at({ nbf: seconds + 33 }))).toEqual(unauthenticated(expect.stringContaining('nbf')))
  })
})

describe('the algorithm of a token', () => {
  it('refuses the algorithm "none" in any spelling', async () => {
    const server = await keyServer(rsa)
    const modes = [
      callersWith({ JWT_SECRET: SECRET }),
      callersWith({ JWT_PUBLIC_KEY: await pemOf(rsa) }),
      callersWith({ JWT_JWKS_URL: server.url }),
    ]
    for (const callers of modes) {
      for (const alg of ['none', 'None', 'NONE', '', undefined, null, 7, ['RS256']]) {
        for (const signature of ['', 'AA']) {
          const request = bearing(`Bearer ${forge({ alg, kid: 'rsa' }, claims(), signature)}`)
          expect(await refusalOf(callers, request)).toEqual(unauthenticated())
        }
      }
    }
  })

  it('refuses a token whose HMAC secret is the public key', async () => {
    const server = await keyServer(rsa)
    const pem = await pemOf(rsa)
    const secrets = [pem, pem.trim(), JSON.stringify(rsa.jwk), Buffer.from(rsa.jwk.n ?? '', 'base64url')]
    for (const callers of [callersWith({ JWT_PUBLIC_KEY: pem }), callersWith({ JWT_JWKS_URL: server.url })]) {
      for (const secret of secrets) {
        const token = forge({ alg: 'HS256', kid: 'rsa' }, claims(), { secret })
        expect(await refusalOf(callers, bearer(token))).toEqual(unauthenticated())
      }
    }
  })

  it('refuses an algorithm that does not belong to the kind of key', async () => {
    const withSecret = callersWith({ JWT_SECRET: SECRET })
    const withEcKey = callersWith({ JWT_PUBLIC_KEY: await pemOf(ec) })
    expect(await refusalOf(withSecret, bearer(await sign(rsa)))).toEqual(unauthenticated())
    expect(await refusalOf(withEcKey, bearer(await sign(rsa)))).toEqual(unauthenticated())
    expect(await refusalOf(withEcKey, bearer(await sign(await makeKey('ec', 'ES384'))))).toEqual(unauthenticated())
  })

  it('ignores keys that a token embeds or links to', async () => {
    const server = await keyServer(rsa)
    const evil = await keyServer(otherRsa)
    const callers = callersWith({ JWT_JWKS_URL: server.url })
    const headers = [
      { jwk: otherRsa.jwk },
      { jku: evil.url, kid: 'rsa-2' },
      { x5u: evil.url },
      { jwk: otherRsa.jwk, kid: 'rsa' },
    ]
    for (const header of headers) {
      const token = await new SignJWT(claims())
        .setProtectedHeader({ alg: 'RS256', ...header })
        .sign(otherRsa.privateKey)
      expect(await refusalOf(callers, bearer(token))).toEqual(unauthenticated())
    }
    expect(evil.asked()).toBe(0)
  })

  it('ignores a secret that was published by mistake', async () => {
    const server = await keyServer(rsa)
    server.publish([rsa.jwk, { kty: 'oct', kid: 'oct', alg: 'HS256', k: Buffer.from(SECRET).toString('base64url') }])
    const token = forge({ alg: 'HS256', kid: 'oct' }, claims(), { secret: SECRET })
    expect(await refusalOf(callersWith({ JWT_JWKS_URL: server.url }), bearer(token))).toEqual(unauthenticated())
  })

  it('refuses a token with a critical extension it does not understand', async () => {
    const header = { alg: 'HS256', crit: ['evil'], evil: true }
    const token = forge(header, claims(), { secret: SECRET })
    expect(await refusalOf(callersWith({ JWT_SECRET: SECRET }), bearer(token))).toEqual(unauthenticated())
  })
})

describe('a tampered token', () => {
  it('refuses a token with any single character changed', async () => {
    const callers = callersWith({ JWT_SECRET: SECRET })
    const token = forge({ alg: 'HS256' }, claims(), { secret: SECRET })
    expect(isAnonymous(await callers(bearer(token)))).toBe(false)
    for (let at = 0; at < token.length - 1; at += 1) {
      if (token[at] === '.') continue
      const changed = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
      expect(await refusalOf(callers, bearer(changed)), `character ${at}`).toEqual(unauthenticated())
    }
  })
})

describe('a cached token', () => {
  it('verifies a token once, and drops it from the cache when it expires', async () => {
    const server = await keyServer(rsa)
    const clock = new MovedClock()
    const callers = callersWith({ JWT_JWKS_URL: server.url }, clock)
    const exp = Math.floor(clock.now() / SECONDS) + 60
    const request = bearer(await sign(rsa, claims({ exp })))
    const first = await callers(request)
    expect(await callers(request)).toBe(first)
    clock.move(exp * SECONDS + 29 * SECONDS - clock.now())
    expect(await callers(request)).toBe(first)
    clock.move(2 * SECONDS)
    expect(await refusalOf(callers, request)).toEqual(unauthenticated('The token has expired.'))
    expect(await refusalOf(callers, request)).toEqual(unauthenticated('The token has expired.'))
    expect(server.asked()).toBe(1)
  })

  it('stops accepting a cached token soon after its key is revoked', async () => {
    const server = await keyServer(rsa)
    const clock = new MovedClock()
    const callers = callersWith({ JWT_JWKS_URL: server.url }, clock)
    const exp = Math.floor(clock.now() / SECONDS) + 86_400
    const request = bearer(await sign(rsa, claims({ exp })))
    await callers(request)
    server.publish([otherRsa.jwk])
    clock.move(601 * SECONDS)
    expect(await refusalOf(callers, request)).toEqual(unauthenticated())
  })
})

describe('published keys', () => {
  it('fetches published keys once for many callers', async () => {
    const server = await keyServer(rsa, ec, edwards)
    const callers = callersWith({ JWT_JWKS_URL: server.url })
    const tokens = await Promise.all(
      [rsa, ec, edwards].flatMap((key) => Array.from({ length: 10 }, (_, n) => sign(key, claims({ n })))),
    )
    await Promise.all(tokens.map((token) => callers(bearer(token))))
    expect(server.asked()).toBe(1)
  })

  it('follows key rotation: accepts a new key at once and refuses a revoked one', async () => {
    const server = await keyServer(rsa)
    const callers = callersWith({ JWT_JWKS_URL: server.url })
    await callers(bearer(await sign(rsa)))
    server.publish([otherRsa.jwk])
    expect(isAnonymous(await callers(bearer(await sign(otherRsa))))).toBe(false)
    expect(await refusalOf(callers, bearer(await sign(rsa, claims({ jti: 'new' }))))).toEqual(unauthenticated())
    expect(server.asked()).toBe(3)
  })

  it('limits how often keys are fetched, however many unknown key ids arrive', async () => {
    const server = await keyServer(rsa)
    const clock = new MovedClock()
    const callers = callersWith({ JWT_JWKS_URL: server.url }, clock)
    const guess = (kid: string) => bearer(forge({ alg: 'RS256', kid }, claims(), 'AAAA'))
    for (let nth = 0; nth < 50; nth += 1) expect(await refusalOf(callers, guess(`k${nth}`))).toEqual(unauthenticated())
    expect(server.asked()).toBe(10)
    expect(isAnonymous(await callers(bearer(await sign(rsa))))).toBe(false)
    clock.move(6 * SECONDS)
    server.publish([otherRsa.jwk])
    expect(isAnonymous(await callers(bearer(await sign(otherRsa))))).toBe(false)
    expect(server.asked()).toBe(11)
  })

  const outages = [
    ['fails', { status: 500, body: 'no' }],
    ['is not JSON', { status: 200, body: '<html>' }],
    ['is not a key set', { status: 200, body: '{"keys":7}' }],
    ['is empty', { status: 200, body: '{"keys":[]}' }],
    ['hangs', 'hang'],
  ] as const
  it.each(outages)(
    'keeps using the last keys while the key set %s, and responds OVERLOADED without keys',
    async (_, outage) => {
      const server = await keyServer(rsa)
      const clock = new MovedClock()
      const callers = callersWith({ JWT_JWKS_URL: server.url }, clock)
      const early = callersWith({ JWT_JWKS_URL: server.url }, clock)
      await callers(bearer(await sign(rsa)))
      server.publish(outage)
      clock.move(700 * SECONDS)
      const late = claims({ exp: Math.floor(clock.now() / SECONDS) + 60 })
      const [known, unknown, first] = await Promise.all([
        callers(bearer(await sign(rsa, late))),
        refusalOf(callers, bearer(await sign(otherRsa, late))),
        refusalOf(early, bearer(await sign(rsa, late))),
      ])
      expect(isAnonymous(known)).toBe(false)
      for (const refusal of [unknown, first]) expect(refusal).toMatchObject({ code: 'OVERLOADED', retryAfterMs: 5_000 })
      server.publish([rsa.jwk, otherRsa.jwk])
      expect(isAnonymous(await early(bearer(await sign(rsa, late))))).toBe(false)
      expect(isAnonymous(await callers(bearer(await sign(otherRsa, late))))).toBe(false)
    },
  )

  it.each(['too large', 'a redirect'])('refuses a key set that is %s', async (what) => {
    const server = await keyServer(rsa)
    const callers = callersWith({ JWT_JWKS_URL: server.url })
    await callers(bearer(await sign(rsa)))
    const elsewhere = await keyServer(otherRsa)
    const tooMany = JSON.stringify({ keys: [otherRsa.jwk], filling: 'x'.repeat(1_100_000) })
    server.publish(
      what === 'too large' ? { status: 200, body: tooMany } : { status: 302, body: '', location: elsewhere.url },
    )
    const refusal = await refusalOf(callers, bearer(await sign(otherRsa)))
    expect([refusal, elsewhere.asked()]).toEqual([expect.objectContaining({ code: 'OVERLOADED' }), 0])
  })

  it('responds OVERLOADED when nothing listens at the key set URL', async () => {
    const callers = callersWith({ JWT_JWKS_URL: 'http://127.0.0.1:1/keys' })
    expect(await refusalOf(callers, bearer(await sign(rsa)))).toMatchObject({ code: 'OVERLOADED' })
  })

  it('refuses tokens signed with a published key that is too weak', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const server = await keyServer(rsa)
    server.publish([{ ...weak.publicKey.export({ format: 'jwk' }), kid: 'weak', alg: 'RS256' } as SigningKey['jwk']])
    const unsigned = forge({ alg: 'RS256', kid: 'weak' }, claims(), '').slice(0, -1)
    const token = `${unsigned}.${createSign('sha256').update(unsigned).sign(weak.privateKey, 'base64url')}`
    expect(await refusalOf(callersWith({ JWT_JWKS_URL: server.url }), bearer(token))).toEqual(unauthenticated())
  })
})

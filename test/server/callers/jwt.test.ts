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

describe('a good token', () => {
  it('names the caller and grants what it says', async () => {
    const callers = callersWith({ JWT_SECRET: SECRET })
    const token = forge({ alg: 'HS256' }, claims({ scope: 'openid payment-links:read' }), { secret: SECRET })
    const { caller, credential, grants } = await callers(bearer(token))
    expect([caller, credential]).toEqual([`${ISSUER}|shop-7`, 'merchant'])
    expect(findRefusal(grants, linkAccess(ACCOUNT, 'read')) === undefined).toBe(true)
    expect(findRefusal(grants, linkAccess(ACCOUNT, 'write')) === undefined).toBe(false)
    expect(findRefusal(grants, linkAccess(OTHER_ACCOUNT, 'read')) === undefined).toBe(false)
  })

  it.each([
    ['a list', ['payment-links:read', 'payment-links:write'], '*', true],
    ['text', 'payment-links:write payment-links:read', [OTHER_ACCOUNT], true],
    ['no scope', undefined, '*', false],
    ['an empty scope', '', '*', false],
    ['no accounts', 'payment-links:read', undefined, false],
    ['an empty list of accounts', 'payment-links:read', [], false],
    ['commas, which make one unknown word', 'payment-links:read,payment-links:write', '*', false],
    ['another case', 'Payment-Links:Read', '*', false],
    ['a wildcard scope, which is no scope', '*', '*', false],
  ])('with %s', async (_, scope, accounts, mayRead) => {
    const callers = callersWith({ JWT_SECRET: SECRET })
    const token = forge({ alg: 'HS256' }, claims({ scope, accounts }), { secret: SECRET })
    const { grants } = await callers(bearer(token))
    expect(findRefusal(grants, linkAccess(OTHER_ACCOUNT, 'read')) === undefined).toBe(mayRead)
  })

  it.each(['HS256', 'HS384', 'HS512'])('may be signed with a secret by %s', async (alg) => {
    const hash = alg.replace('HS', 'sha')
    const token = forge({ alg }, claims(), { secret: SECRET, hash })
    expect(isAnonymous(await callersWith({ JWT_SECRET: SECRET })(bearer(token)))).toBe(false)
  })

  it('may be signed with the private half of a key of each kind', async () => {
    for (const key of [rsa, ec, edwards]) {
      const pem = await pemOf(key)
      for (const written of [pem, pem.replaceAll('\n', '\\n')]) {
        const { caller } = await callersWith({ JWT_PUBLIC_KEY: written })(bearer(await sign(key)))
        expect(caller).toBe(`${ISSUER}|shop-7`)
      }
    }
  })

  it('may come with the scheme in any case and more spaces', async () => {
    const token = forge({ alg: 'HS256' }, claims(), { secret: SECRET })
    const callers = callersWith({ JWT_SECRET: SECRET })
    for (const text of [`bearer ${token}`, `BEARER   ${token}`]) {
      expect(isAnonymous(await callers(bearing(text)))).toBe(false)
    }
  })
})

describe('no token', () => {
  it('is an anonymous caller who is granted nothing', async () => {
    const principal = await callersWith({ JWT_SECRET: SECRET })(bearing())
    expect(isAnonymous(principal)).toBe(true)
    expect([principal.grants.accounts, principal.grants.scopes]).toEqual([new Set(), new Set()])
  })
})

describe('a header', () => {
  const token = forge({ alg: 'HS256' }, claims(), { secret: SECRET })
  it.each([
    ['empty', ['']],
    ['of another scheme', [`Basic ${token}`]],
    ['without a scheme', [token]],
    ['with a tab', [`Bearer\t${token}`]],
    ['with two tokens', [`Bearer ${token} ${token}`]],
    ['with two tokens by comma', [`Bearer ${token}, Bearer ${token}`]],
    ['with a token in quotes', [`Bearer "${token}"`]],
    ['with an encrypted token', [`Bearer ${token}.a.b`]],
    ['that came twice, even if both are good', [`Bearer ${token}`, `Bearer ${token}`]],
  ])('%s is refused', async (_, values) => {
    expect(await refusalOf(callersWith({ JWT_SECRET: SECRET }), bearing(...values))).toEqual(unauthenticated())
  })
})

describe('a token is refused', () => {
  const nowSeconds = Math.floor(Date.now() / SECONDS)
  it.each([
    ['of another issuer', { iss: 'https://evil.example/' }],
    ['whose issuer only starts like ours', { iss: `${ISSUER}x` }],
    ['without an issuer', { iss: undefined }],
    ['for another audience', { aud: 'other' }],
    ['for a list without our audience', { aud: ['other', 'payment-links-2'] }],
    ['without an audience', { aud: undefined }],
    ['without an end', { exp: undefined }],
    ['whose end is text', { exp: String(nowSeconds + 600) }],
    ['whose end is endless', { exp: null }],
    ['that is not good yet', { nbf: nowSeconds + 60 }],
    ['that has expired', { exp: nowSeconds - 60 }],
    ['whose subject is no text', { sub: { admin: true } }],
    ['whose scope is a number', { scope: 7 }],
    ['whose scopes are not all text', { scope: ['payment-links:read', null] }],
    ['whose accounts are one text', { accounts: ACCOUNT }],
    ['whose accounts hold a wildcard', { accounts: ['*'] }],
    ['whose accounts hold what is no ULID', { accounts: [ACCOUNT, ACCOUNT.toLowerCase()] }],
    ['whose accounts are an object', { accounts: { 0: ACCOUNT, length: 1 } }],
    ['whose accounts are true', { accounts: true }],
  ])('%s', async (_, changes) => {
    const token = forge({ alg: 'HS256' }, claims(changes), { secret: SECRET })
    expect(await refusalOf(callersWith({ JWT_SECRET: SECRET }), bearer(token))).toEqual(unauthenticated())
  })

  it('whose payload is no object', async () => {
    for (const payload of [null, [], 'text', 7]) {
      const token = forge({ alg: 'HS256' }, payload, { secret: SECRET })
      expect(await refusalOf(callersWith({ JWT_SECRET: SECRET }), bearer(token))).toEqual(unauthenticated())
    }
  })

  it('that names our audience among others, if the clock is off by more than the skew', async () => {
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

describe('an algorithm', () => {
  it('"none" is none, however it is written', async () => {
    const server = await keyServer(rsa)
    const doors = [
      callersWith({ JWT_SECRET: SECRET }),
      callersWith({ JWT_PUBLIC_KEY: await pemOf(rsa) }),
      callersWith({ JWT_JWKS_URL: server.url }),
    ]
    for (const callers of doors) {
      for (const alg of ['none', 'None', 'NONE', '', undefined, null, 7, ['RS256']]) {
        for (const signature of ['', 'AA']) {
          const request = bearing(`Bearer ${forge({ alg, kid: 'rsa' }, claims(), signature)}`)
          expect(await refusalOf(callers, request)).toEqual(unauthenticated())
        }
      }
    }
  })

  it('of a shared secret is not taken from who only has the public key', async () => {
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

  it('is not one that the kind of key does not have', async () => {
    const secretDoor = callersWith({ JWT_SECRET: SECRET })
    const ecDoor = callersWith({ JWT_PUBLIC_KEY: await pemOf(ec) })
    expect(await refusalOf(secretDoor, bearer(await sign(rsa)))).toEqual(unauthenticated())
    expect(await refusalOf(ecDoor, bearer(await sign(rsa)))).toEqual(unauthenticated())
    expect(await refusalOf(ecDoor, bearer(await sign(await makeKey('ec', 'ES384'))))).toEqual(unauthenticated())
  })

  it('with a key that the token itself brings or points at counts for nothing', async () => {
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

  it('of a secret that is published by mistake counts for nothing', async () => {
    const server = await keyServer(rsa)
    server.publish([rsa.jwk, { kty: 'oct', kid: 'oct', alg: 'HS256', k: Buffer.from(SECRET).toString('base64url') }])
    const token = forge({ alg: 'HS256', kid: 'oct' }, claims(), { secret: SECRET })
    expect(await refusalOf(callersWith({ JWT_JWKS_URL: server.url }), bearer(token))).toEqual(unauthenticated())
  })

  it('with an extension that is not understood is refused', async () => {
    const header = { alg: 'HS256', crit: ['evil'], evil: true }
    const token = forge(header, claims(), { secret: SECRET })
    expect(await refusalOf(callersWith({ JWT_SECRET: SECRET }), bearer(token))).toEqual(unauthenticated())
  })
})

describe('a token that was changed', () => {
  it('in any one character of any part is refused', async () => {
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

describe('a remembered token', () => {
  it('is checked once, and is forgotten when it expires', async () => {
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

  it('is good no longer than its key, by and large', async () => {
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
  it('are fetched once for many callers', async () => {
    const server = await keyServer(rsa, ec, edwards)
    const callers = callersWith({ JWT_JWKS_URL: server.url })
    const tokens = await Promise.all(
      [rsa, ec, edwards].flatMap((key) => Array.from({ length: 10 }, (_, n) => sign(key, claims({ n })))),
    )
    await Promise.all(tokens.map((token) => callers(bearer(token))))
    expect(server.asked()).toBe(1)
  })

  it('rotate: a new key serves at once, and a withdrawn one no more', async () => {
    const server = await keyServer(rsa)
    const callers = callersWith({ JWT_JWKS_URL: server.url })
    await callers(bearer(await sign(rsa)))
    server.publish([otherRsa.jwk])
    expect(isAnonymous(await callers(bearer(await sign(otherRsa))))).toBe(false)
    expect(await refusalOf(callers, bearer(await sign(rsa, claims({ jti: 'new' }))))).toEqual(unauthenticated())
    expect(server.asked()).toBe(3)
  })

  it('are not asked for more than so often, however many unknown keys are named', async () => {
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
    ['is no key set', { status: 200, body: '{"keys":7}' }],
    ['is empty', { status: 200, body: '{"keys":[]}' }],
    ['hangs', 'hang'],
  ] as const
  it.each(outages)('serve on while their address %s; without them the refusal blames nobody', async (_, outage) => {
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
  })

  it.each(['that are too many', 'that stand elsewhere'])('%s are not taken', async (what) => {
    const server = await keyServer(rsa)
    const callers = callersWith({ JWT_JWKS_URL: server.url })
    await callers(bearer(await sign(rsa)))
    const elsewhere = await keyServer(otherRsa)
    const tooMany = JSON.stringify({ keys: [otherRsa.jwk], filling: 'x'.repeat(1_100_000) })
    server.publish(
      what === 'that are too many'
        ? { status: 200, body: tooMany }
        : { status: 302, body: '', location: elsewhere.url },
    )
    const refusal = await refusalOf(callers, bearer(await sign(otherRsa)))
    expect([refusal, elsewhere.asked()]).toEqual([expect.objectContaining({ code: 'OVERLOADED' }), 0])
  })

  it('that nobody serves at all are the same outage', async () => {
    const callers = callersWith({ JWT_JWKS_URL: 'http://127.0.0.1:1/keys' })
    expect(await refusalOf(callers, bearer(await sign(rsa)))).toMatchObject({ code: 'OVERLOADED' })
  })

  it('that are too weak open nothing', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const server = await keyServer(rsa)
    server.publish([{ ...weak.publicKey.export({ format: 'jwk' }), kid: 'weak', alg: 'RS256' } as SigningKey['jwk']])
    const unsigned = forge({ alg: 'RS256', kid: 'weak' }, claims(), '').slice(0, -1)
    const token = `${unsigned}.${createSign('sha256').update(unsigned).sign(weak.privateKey, 'base64url')}`
    expect(await refusalOf(callersWith({ JWT_JWKS_URL: server.url }), bearer(token))).toEqual(unauthenticated())
  })
})

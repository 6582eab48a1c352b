import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { type JWK, SignJWT } from 'jose'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { isAnonymous } from '../../../src/kernel/principal.js'
import type { Callers } from '../../../src/server/callers/callers.js'
import { failureOf } from '../../support/with-upstream.js'
import { type KeyServer, makeKey, type SigningKey, startKeyServer } from './key-server.js'
import { bearer, callersWith, claims, forge, sign } from './tokens.js'

const SOME = 10

let keys: readonly SigningKey[]
let signer: SigningKey
let other: SigningKey
let ec: SigningKey
let edwards: SigningKey
beforeAll(async () => {
  keys = await Promise.all(Array.from({ length: SOME + 1 }, (_, nth) => makeKey(`k${nth}`)))
  ;[signer, other] = keys as [SigningKey, SigningKey]
  ;[ec, edwards] = await Promise.all([makeKey('ec', 'ES256'), makeKey('ed', 'EdDSA')])
})

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

/** Callers whose keys are published as given. */
async function publishing(set: unknown, contentType?: string): Promise<{ callers: Callers; server: KeyServer }> {
  const server = await startKeyServer([])
  stops.push(() => server.stop())
  const body = typeof set === 'string' ? set : JSON.stringify({ keys: set })
  server.publish({ status: 200, body, ...(contentType === undefined ? {} : { contentType }) })
  return { callers: callersWith({ JWT_JWKS_URL: server.url }), server }
}

type Header = Readonly<Record<string, unknown>>

/** A token signed with this key and these header fields; an undefined field is left out. */
function tokenOf({ alg, privateKey }: SigningKey, header: Header = {}, payload = claims()): Promise<string> {
  const given = Object.entries({ alg, ...header }).filter(([, value]) => value !== undefined)
  return new SignJWT(payload).setProtectedHeader(Object.fromEntries(given) as { alg: string }).sign(privateKey)
}

const isLetIn = async (callers: Callers, token: string): Promise<boolean> => !isAnonymous(await callers(bearer(token)))
const nameless = ({ jwk: { kid: _kid, ...rest } }: SigningKey): JWK => rest
const jwkOf = (key: KeyObject, more: object): object => ({ ...key.export({ format: 'jwk' }), ...more })
const unverified = expect.objectContaining({ code: 'UNAUTHENTICATED', message: 'The token cannot be verified.' })

describe('the key that verifies a token', () => {
  const sets: readonly (readonly [string, () => readonly unknown[], Header])[] = [
    ['names no key, among several', () => [other.jwk, ec.jwk, signer.jwk], {}],
    ['names no key, and the keys have no ids', () => [nameless(other), nameless(signer)], {}],
    ['names no key, among ten', () => [...keys.slice(1, SOME), signer].map(({ jwk }) => jwk), {}],
    ['names a key id that is published twice', () => [{ ...other.jwk, kid: 'k0' }, signer.jwk], { kid: 'k0' }],
    ['names a key, and the keys have no ids', () => [nameless(other), nameless(signer)], { kid: 'k0' }],
    ['names a key, and only the right key has no id', () => [other.jwk, nameless(signer)], { kid: 'k0' }],
    [
      'names a key id that an encryption key has too',
      () => [{ ...other.jwk, kid: 'k0', use: 'enc' }, signer.jwk],
      { kid: 'k0' },
    ],
    [
      'names no key, next to the same key for another algorithm',
      () => [{ ...signer.jwk, alg: 'PS256' }, signer.jwk],
      {},
    ],
    [
      'names no key, and the keys state no algorithm',
      () => [other, signer].map(({ jwk: { alg: _alg, ...jwk } }) => jwk),
      {},
    ],
    ['names no key, and the keys state no use', () => [other, signer].map(({ jwk: { use: _use, ...jwk } }) => jwk), {}],
  ]
  it.each(sets)('finds the key for a token that %s', async (_, set, header) => {
    const { callers } = await publishing(set())
    expect(await isLetIn(callers, await tokenOf(signer, header))).toBe(true)
  })

  it('finds RSA, EC and Ed25519 keys in one set', async () => {
    const { callers, server } = await publishing([other, ec, edwards, signer].map(nameless))
    for (const key of [signer, ec, edwards]) expect(await isLetIn(callers, await tokenOf(key))).toBe(true)
    expect(server.asked()).toBe(1)
  })
})

describe('an unusable published key', () => {
  const bad: readonly (readonly [string, (jwk: JWK) => unknown])[] = [
    ['is null', () => null],
    ['is text', () => 'key'],
    ['is a list', () => []],
    ['is empty', () => ({})],
    ['has no modulus', ({ n: _n, ...jwk }) => jwk],
    ['has a modulus that is not text', (jwk) => ({ ...jwk, n: 7 })],
    ['has a modulus that is not base64', (jwk) => ({ ...jwk, n: '?' })],
    ['is of an unknown type', (jwk) => ({ ...jwk, kty: 'QUANTUM' })],
    ['is for encryption', (jwk) => ({ ...jwk, use: 'enc', alg: 'RSA-OAEP' })],
    ['is for wrapping keys', (jwk) => ({ ...jwk, use: undefined, key_ops: ['wrapKey'] })],
    ['has key_ops that are not a list', (jwk) => ({ ...jwk, key_ops: 'verify' })],
    ['is a private key', (jwk) => ({ ...jwk, d: 'AQAB' })],
    ['is a secret', ({ kid }) => ({ kty: 'oct', kid, k: 'c2VjcmV0' })],
    ['is too weak', ({ kid }) => jwkOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey, { kid })],
    [
      'is on a curve that is not supported',
      ({ kid }) => jwkOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey, { kid, alg: 'ES256K' }),
    ],
    ['is on a curve that cannot sign', ({ kid }) => jwkOf(generateKeyPairSync('x25519').publicKey, { kid })],
  ]
  it.each(bad)('accepts the other keys when one %s', async (_, spoil) => {
    const { callers } = await publishing([spoil(other.jwk), signer.jwk, spoil(signer.jwk)])
    for (const kid of ['k0', undefined])
      expect(await isLetIn(callers, await tokenOf(signer, { kid }, claims({ kid })))).toBe(true)
  })
})

describe('variations among identity providers', () => {
  const headers: readonly (readonly [string, Header])[] = [
    ['the type of RFC 9068', { typ: 'at+jwt' }],
    ['the full media type of RFC 9068', { typ: 'application/at+jwt' }],
    ['the usual type', { typ: 'JWT' }],
    ['no type', {}],
    ['the thumbprint of a certificate', { x5t: 'AAAA' }],
  ]
  it.each(headers)('accepts a token header with %s', async (_, header) => {
    const { callers } = await publishing([signer.jwk])
    expect(await isLetIn(callers, await tokenOf(signer, { kid: 'k0', ...header }))).toBe(true)
  })

  it.each([
    'application/json; charset=utf-8',
    'application/jwk-set+json',
    'text/plain; charset=utf-8',
    'text/html',
    'application/octet-stream',
  ])('accepts a key set served as %s', async (contentType) => {
    const { callers } = await publishing([signer.jwk], contentType)
    expect(await isLetIn(callers, await sign(signer))).toBe(true)
  })

  it('accepts a key set with a byte order mark, certificates and unknown fields', async () => {
    const jwk = { ...signer.jwk, x5c: ['MIIC'], x5t: 'AAAA', issuer: 'https://issuer.example/', nbf: 7 }
    const { callers } = await publishing(`\uFEFF${JSON.stringify({ keys: [jwk], version: 1 })}`)
    expect(await isLetIn(callers, await sign(signer))).toBe(true)
  })

  it('follows the rotation of keys without ids', async () => {
    const { callers, server } = await publishing([nameless(signer)])
    expect(await isLetIn(callers, await tokenOf(signer))).toBe(true)
    server.publish([nameless(other)])
    expect(await isLetIn(callers, await tokenOf(other))).toBe(true)
    expect(await failureOf(callers(bearer(await tokenOf(signer, {}, claims({ jti: 'new' })))))).toEqual(unverified)
  })
})

describe('a token that no key verifies', () => {
  it.each(['k0', 'k10', undefined])('refuses a token that names %s when no published key verifies it', async (kid) => {
    const { callers } = await publishing([...keys.slice(1), other].map(({ jwk }) => ({ ...jwk, kid: 'k10' })))
    expect(await failureOf(callers(bearer(await tokenOf(signer, { kid }))))).toEqual(unverified)
  })

  it('tries at most ten keys for a token', async () => {
    const { callers } = await publishing(keys.map(nameless))
    const last = keys[SOME] ?? signer
    expect(await failureOf(callers(bearer(await tokenOf(last))))).toEqual(unverified)
    expect(await isLetIn(callers, await tokenOf(keys[SOME - 1] ?? signer))).toBe(true)
  })

  it('fetches the keys at most ten times, however many unverifiable tokens arrive', async () => {
    const { callers, server } = await publishing([nameless(other), nameless(signer)])
    for (let nth = 0; nth < 30; nth += 1) {
      const token = forge({ alg: 'RS256' }, claims({ nth }), 'AAAA')
      expect(await failureOf(callers(bearer(token)))).toEqual(unverified)
    }
    expect(server.asked()).toBe(10)
    expect(await isLetIn(callers, await tokenOf(signer))).toBe(true)
  })

  it('does not fetch keys again for a token that names a known key', async () => {
    const { callers, server } = await publishing([signer.jwk, other.jwk])
    expect(await failureOf(callers(bearer(await tokenOf(other, { kid: 'k0' }))))).toEqual(unverified)
    expect(server.asked()).toBe(1)
  })

  it('names the wrong claim when the signature is valid', async () => {
    const { callers } = await publishing([nameless(other), nameless(signer)])
    const late = claims({ exp: Math.floor(Date.now() / 1000) - 60 })
    expect(await failureOf(callers(bearer(await tokenOf(signer, {}, late))))).toMatchObject({
      message: 'The token has expired.',
    })
  })
})

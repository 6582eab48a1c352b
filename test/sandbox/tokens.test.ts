import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/server.js'
import {
  at,
  type ClientResponse,
  LINKS,
  MAIN_ACCOUNT,
  request,
  requestToken,
  signIn,
  withSandbox,
} from './sandbox-client.js'

const body = '{"grant_type":"client_credentials"}'

/** The vendor's recipe, written a second time: an HMAC of id, secret and day joined by underscores. */
function requestSigned(
  { url, credentials }: Sandbox,
  day: string,
  change: Record<string, string> = {},
): Promise<ClientResponse> {
  const { apiKey, clientId, clientSecret } = credentials
  const signature = createHmac('sha512', clientSecret).update([clientId, clientSecret, day].join('_')).digest('hex')
  const headers = { 'x-partner-id': apiKey, 'x-client-id': clientId, 'x-signature': signature, ...change }
  return request(`${url}/api/v1.1/access-token/b2b`, { method: 'POST', headers, body })
}

describe('the token route v1.1', () => {
  it.each([
    ['2026-05-08T00:00:00+07:00', '20260508', '20260507'],
    ['2026-05-08T06:59:59+07:00', '20260508', '20260507'],
    ['2026-05-08T07:00:00+07:00', '20260508', '20260509'],
    ['2026-05-08T23:59:59+07:00', '20260508', '20260509'],
    ['2026-12-31T17:00:00Z', '20270101', '20261231'],
  ])('at %s accepts a signature over %s and refuses one over %s', async (time, day, otherDay) => {
    const sandbox = await withSandbox({ clock: { now: () => Date.parse(time) } })
    expect((await requestSigned(sandbox, day)).status).toBe(200)
    expect((await requestSigned(sandbox, otherDay)).status).toBe(401)
  })

  it('accepts the signature that openssl computes, in lower case only', async () => {
    const credentials = { apiKey: 'k', clientId: 'client', clientSecret: 'secret' }
    const sandbox = await withSandbox({ credentials, clock: { now: () => Date.parse('2026-05-08T05:00:00Z') } })
    // printf 'client_secret_20260508' | openssl dgst -sha512 -hmac secret
    const signature =
      'cc238ccc6eaf02c0dbf070e5004756d2d412e5fdb983ec98e742194515e23dbb34a4c235a5b000892469272fef125e1c7034cd68a0ed56444faa42885ebec1b0'
    expect((await requestSigned(sandbox, 'none', { 'x-signature': signature })).status).toBe(200)
    expect((await requestSigned(sandbox, 'none', { 'x-signature': signature.toUpperCase() })).status).toBe(401)
  })

  it('writes expires_in as text, as a number or not at all', async () => {
    const sandbox = await withSandbox({ clock: { now: () => Date.parse('2026-05-08T05:00:00Z') } })
    const life = async (): Promise<unknown> => at((await requestSigned(sandbox, '20260508')).body, 'data', 'expires_in')
    expect(await life()).toBe('216000')
    sandbox.behaviour.change({ tokenLifeAs: 'number', tokenLifeSeconds: 3600 })
    expect(await life()).toBe(3600)
    sandbox.behaviour.change({ tokenLifeAs: 'absent' })
    expect(await life()).toBeUndefined()
  })

  it('refuses an unknown client, a wrong partner and an unregistered address, each in its own way', async () => {
    const sandbox = await withSandbox({ clock: { now: () => Date.parse('2026-05-08T05:00:00Z') } })
    const day = '20260508'
    const stranger = await requestSigned(sandbox, day, { 'x-client-id': 'nobody' })
    expect([stranger.status, at(stranger.body, 'error', 'message')]).toEqual([401, 'Invalid credentials'])
    const partner = await requestSigned(sandbox, day, { 'x-partner-id': 'nobody' })
    expect([partner.status, at(partner.body, 'error', 'message')]).toEqual([401, 'Invalid X-PARTNER-ID'])
    sandbox.behaviour.change({ partnerMismatchStatus: 403 })
    expect((await requestSigned(sandbox, day, { 'x-partner-id': 'nobody' })).status).toBe(403)
    sandbox.behaviour.change({ ipRegistered: false })
    const address = await requestSigned(sandbox, day)
    expect([address.status, address.body]).toEqual([
      403,
      { status: 403, success: false, error: { message: 'Your IP address (127.0.0.1) is not registered' } },
    ])
  })
})

describe('the token route v1.0', () => {
  it('accepts the right Basic credentials only', async () => {
    const sandbox = await withSandbox()
    expect((await requestToken(sandbox)).status).toBe(200)
    expect((await requestToken(sandbox, { ...sandbox.credentials, clientSecret: 'wrong' })).status).toBe(401)
  })

  it('answers 422 to another grant type', async () => {
    const sandbox = await withSandbox()
    const { apiKey, clientId, clientSecret } = sandbox.credentials
    const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
    for (const wrong of ['{"grant_type":"password"}', '{"grantType":"client_credentials"}', 'not json']) {
      const init = { method: 'POST', headers: { 'x-partner-id': apiKey, authorization }, body: wrong }
      const answer = await request(`${sandbox.url}/api/v1.0/access-token/b2b`, init)
      expect([answer.status, Object.keys(at(answer.body, 'error', 'errors') as object)]).toEqual([422, ['grant_type']])
    }
  })
})

describe('a token', () => {
  it('refuses a token from the millisecond it expires', async () => {
    let now = 1_000_000
    const sandbox = await withSandbox({ clock: { now: () => now } })
    sandbox.behaviour.change({ tokenLifeSeconds: 2 })
    const client = await signIn(sandbox)
    now += 1999
    expect((await client.get(`${LINKS}/${MAIN_ACCOUNT}`)).status).toBe(200)
    now += 1
    expect((await client.get(`${LINKS}/${MAIN_ACCOUNT}`)).status).toBe(401)
  })

  it('refuses a revoked token and accepts a new one', async () => {
    const sandbox = await withSandbox()
    const client = await signIn(sandbox)
    sandbox.revokeTokens()
    expect((await client.get(`${LINKS}/${MAIN_ACCOUNT}`)).status).toBe(401)
    expect((await (await signIn(sandbox)).get(`${LINKS}/${MAIN_ACCOUNT}`)).status).toBe(200)
  })

  it('refuses a token without the API key of its own merchant', async () => {
    const sandbox = await withSandbox()
    const { headers } = await signIn(sandbox)
    const other = sandbox.merchants[1]?.apiKey ?? ''
    const url = `${sandbox.url}${LINKS}/${MAIN_ACCOUNT}`
    expect((await request(url, { headers: { ...headers, 'x-partner-id': other } })).status).toBe(401)
    expect((await request(url, { headers: { authorization: headers['authorization'] ?? '' } })).status).toBe(401)
    expect((await request(url, { headers: { ...headers, authorization: 'Bearer made-up' } })).status).toBe(401)
    sandbox.behaviour.change({ ipRegistered: false })
    expect((await request(url, { headers })).status).toBe(403)
  })
})

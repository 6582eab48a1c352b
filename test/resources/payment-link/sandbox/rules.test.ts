import { describe, expect, it } from 'vitest'
import type { EngineBehaviour } from '../../../../src/sandbox/behaviour.js'
import {
  at,
  type Client,
  type ClientResponse,
  LINKS,
  MAIN_ACCOUNT,
  NOON,
  signIn,
  withSandbox,
  worldOf,
} from '../../../sandbox/sandbox-client.js'
import type { TestSandbox } from '../../../support/gateway.js'

const PATH = `${LINKS}/${MAIN_ACCOUNT}/7`
const MINIMUM = { max_usage: 5, status: 'open' }

async function start(): Promise<{ sandbox: TestSandbox; client: Client }> {
  const link = {
    id: 7,
    title: 'Lama',
    maxUsage: 5,
    currentUsage: 3,
    expiredAtMs: NOON + 60_000,
    whitelist: ['QRIS'],
    redirectUrl: 'https://toko.example.id/',
    metadata: { cashier: 'Dewi' },
  }
  const sandbox = await withSandbox({ seed: worldOf({}, [link]), clock: { now: () => NOON } })
  return { sandbox, client: await signIn(sandbox) }
}

const messagesOf = (answer: ClientResponse): unknown => [answer.status, at(answer.body, 'error', 'errors')]

describe('a v1 update', () => {
  it('resets the fields that an update leaves out, and ignores a title', async () => {
    const { sandbox, client } = await start()
    const { status, body } = await client.put(PATH, { ...MINIMUM, title: 'Baru', total_amount: 1 })
    expect(status).toBe(200)
    expect(at(body, 'data')).toMatchObject({
      title: 'Lama',
      total_amount: 50_000,
      current_usage: 3,
      required_customer_detail: false,
      expired_at: null,
      redirect_url: null,
      optional_metadata: null,
    })
    expect(at(body, 'data', 'whitelisted_payment_method')).toHaveLength(20)
    expect(sandbox.linksOf(MAIN_ACCOUNT)[0]).toMatchObject({ requiredCustomerDetail: false, redirectUrl: null })
  })

  it('stores expired_at in whole seconds, whether sent as text or as a number', async () => {
    const { client } = await start()
    for (const expiredAt of [String(NOON + 1999), NOON + 1999]) {
      const { body } = await client.put(PATH, { ...MINIMUM, expired_at: expiredAt })
      expect(at(body, 'data', 'expired_at')).toBe('2026-05-08T07:30:01Z')
    }
  })

  it.each([[[]], [null]])(
    'stores every code for a whitelist of %j, retail codes renamed and in another order',
    async (asked) => {
      const { client } = await start()
      const catalogue = at((await client.get(`${LINKS}/payment-methods`)).body, 'data', 'available_codes') as string[]
      const { body } = await client.put(PATH, { ...MINIMUM, whitelisted_payment_method: asked })
      const echoed = at(body, 'data', 'whitelisted_payment_method') as string[]
      const renamed = catalogue.map((code) =>
        ['ALFAMART', 'INDOMARET'].includes(code) ? `RETAIL_${code}_LINKQU` : code,
      )
      expect(echoed.toSorted()).toEqual(renamed.toSorted())
      expect(echoed).not.toEqual(renamed)
    },
  )

  it('renames a retail code and refuses the new name', async () => {
    const { client } = await start()
    const sent = await client.put(PATH, { ...MINIMUM, whitelisted_payment_method: ['ALFAMART'] })
    expect(at(sent.body, 'data', 'whitelisted_payment_method')).toEqual(['RETAIL_ALFAMART_LINKQU'])
    const again = { ...MINIMUM, whitelisted_payment_method: ['RETAIL_ALFAMART_LINKQU'] }
    expect((await client.put(PATH, again)).status).toBe(422)
  })

  it.each([
    [{ max_usage: undefined }, 'max_usage'],
    [{ max_usage: 0 }, 'max_usage'],
    [{ max_usage: 1_000_001 }, 'max_usage'],
    [{ max_usage: 2 }, 'max_usage'],
    [{ max_usage: 5.5 }, 'max_usage'],
    [{ max_usage: '5' }, 'max_usage'],
    [{ status: 'OPEN' }, 'status'],
    [{ required_customer_detail: null }, 'required_customer_detail'],
    [{ expired_at: '170530560000' }, 'expired_at'],
    [{ expired_at: '2026-05-31T23:59:59+07:00' }, 'expired_at'],
    [{ expired_at: 17_053_056_000_000 }, 'expired_at'],
    [{ whitelisted_payment_method: ['QRIS', 'qris'] }, 'whitelisted_payment_method'],
    [{ whitelisted_payment_method: ['QRIS', 'VA_NOWHERE'] }, 'whitelisted_payment_method'],
    [{ redirect_url: 'not a url' }, 'redirect_url'],
    [{ redirect_url: `https://toko.example.id/${'a'.repeat(2048)}` }, 'redirect_url'],
    [{ optional_metadata: ['a'] }, 'optional_metadata'],
  ])('refuses the update %j and changes nothing', async (change, field) => {
    const { sandbox, client } = await start()
    const before = sandbox.linksOf(MAIN_ACCOUNT)
    const answer = await client.put(PATH, { ...MINIMUM, redirect_url: 'https://new.example.id/', ...change })
    expect(answer.status).toBe(422)
    expect(Object.keys(at(answer.body, 'error', 'errors') as object)).toEqual([field])
    expect(sandbox.linksOf(MAIN_ACCOUNT)).toEqual(before)
  })

  it('accepts the extreme values of an update', async () => {
    const { client } = await start()
    const base = 'https://toko.example.id/'
    const edge = { redirect_url: base + 'a'.repeat(2048 - base.length), optional_metadata: [] }
    expect((await client.put(PATH, { ...MINIMUM, max_usage: 3, ...edge })).status).toBe(200)
    expect((await client.put(PATH, { max_usage: 1_000_000, status: 'expired' })).status).toBe(200)
  })

  it('reports every wrong field at once, in the words of the real sandbox', async () => {
    const { client } = await start()
    const nothing = [422, { max_usage: ['Max usage is required'], status: ['Status is required'] }]
    expect(messagesOf(await client.put(PATH, {}))).toEqual(nothing)
    expect(messagesOf(await client.put(PATH, [1]))).toEqual(nothing)
  })

  it.each([
    ['error.errors', ['error', 'errors', 'status']],
    ['error.fields', ['error', 'fields', 'status']],
    ['data.errors', ['data', 'errors', 'status']],
    ['errors', ['errors', 'status']],
  ] as [EngineBehaviour['validationAt'], string[]][])(
    'puts the messages of wrong fields in %s, as a list or as text',
    async (validationAt, path) => {
      const { sandbox, client } = await start()
      sandbox.behaviour.change({ validationAt })
      expect(at((await client.put(PATH, { max_usage: 5 })).body, ...path)).toEqual(['Status is required'])
      sandbox.behaviour.change({ validationMessages: 'text' })
      expect(at((await client.put(PATH, { max_usage: 5 })).body, ...path)).toBe('Status is required')
    },
  )

  it('can apply the status of an update and nothing else', async () => {
    const { sandbox, client } = await start()
    sandbox.behaviour.change({ updateMovesOnlyStatus: true })
    const { body } = await client.put(PATH, { max_usage: 9, status: 'closed', required_customer_detail: false })
    expect(at(body, 'data')).toMatchObject({ status: 'closed', max_usage: 5, required_customer_detail: true })
    expect(sandbox.linksOf(MAIN_ACCOUNT)[0]).toMatchObject({ status: 'closed', maxUsage: 5, whitelist: ['QRIS'] })
  })
})

import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import {
  at,
  type Client,
  LINKS,
  MAIN_ACCOUNT,
  NOON,
  signIn,
  withSandbox,
  worldOf,
} from '../../../sandbox/sandbox-client.js'

async function documented(name: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(`../../../fixtures/upstream/${name}.json`, import.meta.url), 'utf8'))
}

const invoice = {
  title: 'Invoice Payment',
  requiredCustomerDetail: true,
  totalAmount: 150_000,
  redirectUrl: 'https://example.com/payment-link',
}

describe('the documented responses', () => {
  it('lists links exactly as the documented list page does', async () => {
    const row = {
      ...invoice,
      id: 12345,
      reffNo: 'INV-20260508-001',
      title: 'Invoice May 2026',
      paymentUrl: 'https://pay.example.com/b2b/INV-20260508-001',
      maxUsage: 100,
      items: [{ name: 'Subscription Plan', quantity: 1, unitPrice: 150_000 }],
      whitelist: ['QRIS'],
      expiredAtMs: Date.parse('2026-05-31T23:59:59+07:00'),
      redirectUrl: 'https://merchant.example.com/payment/success',
      metadata: {},
    }
    const seed = worldOf({ name: 'Main Operating Account' }, [...Array.from({ length: 46 }, () => ({})), row])
    const sandbox = await withSandbox({ seed, clock: { now: () => NOON } })
    const { status, body } = await (await signIn(sandbox)).get(`${LINKS}/${MAIN_ACCOUNT}`)
    const page = await documented('list.response')
    expect(status).toBe(200)
    expect(Object.keys(body as object)).toEqual(Object.keys(page as object))
    expect(at(body, 'data', 0)).toEqual(at(page, 'data', 0))
    expect(at(body, 'pagination')).toEqual(at(page, 'pagination'))
  })

  it('shows a link exactly as the documented show page does', async () => {
    const account = {
      id: '01K7P073Q8RE2A9PQT8Q7MXPN4',
      name: 'Moh. Zulkifli Katili',
      email: 'tes@gmail.com',
      phone: '08123993201',
    }
    const row = {
      id: 103,
      reffNo: 'PL2025102113590968f72f3df34e5',
      title: 'tes',
      paymentUrl: 'http://localhost:3000/b2b/PL2025102113590968f72f3df34e5',
      maxUsage: 1000,
      currentUsage: 2,
      items: [{ name: 'tes', quantity: 1, unitPrice: 20_000 }],
      whitelist: ['VA_BRI', 'VA_DANAMON', 'VA_MAYBANK', 'QRIS'],
      createdAtMs: Date.parse('2025-10-21T13:59:40+07:00'),
      updatedAtMs: Date.parse('2025-10-21T15:16:05+07:00'),
    }
    const sandbox = await withSandbox({ seed: worldOf(account, [row]) })
    const { body } = await (await signIn(sandbox)).get(`${LINKS}/${account.id}/103`)
    expect(body).toEqual(await documented('show.response'))
  })

  it('responds to an update exactly as the documented update page does, except for its placeholder of a method code', async () => {
    const now = Date.parse('2024-05-13T00:00:00Z')
    const row = {
      ...invoice,
      id: 103,
      reffNo: 'INV20240513001',
      paymentUrl: 'https://example.com/payment-link',
      items: [{ name: 'Product A', quantity: 1, unitPrice: 150_000 }],
    }
    const seed = worldOf({ name: 'Account 1' }, [row])
    const sandbox = await withSandbox({ seed, clock: { now: () => now } })
    sandbox.advanceClock(-1)
    const request = (await documented('update.request')) as object
    const asked = { ...request, expired_at: String(now), whitelisted_payment_method: ['QRIS'], optional_metadata: {} }
    const { status, body } = await (await signIn(sandbox)).put(`${LINKS}/${MAIN_ACCOUNT}/103`, asked)
    const page = (await documented('update.response')) as { data: object }
    expect(status).toBe(200)
    const updatedAt = '2024-05-12T23:59:59Z'
    expect(body).toEqual({
      ...page,
      data: { ...page.data, whitelisted_payment_method: ['QRIS'], updated_at: updatedAt },
    })
  })
})

describe('access to a link', () => {
  it('shows a link only through its own account', async () => {
    const sandbox = await withSandbox()
    const client = await signIn(sandbox)
    const [own, neighbour] = sandbox.accounts
    const id = sandbox.linksOf(own?.id ?? '')[0]?.id
    expect((await client.get(`${LINKS}/${own?.id}/${id}`)).status).toBe(200)
    expect((await client.get(`${LINKS}/${neighbour?.id}/${id}`)).status).toBe(404)
    expect((await client.put(`${LINKS}/${neighbour?.id}/${id}`, { status: 'open', max_usage: 1 })).status).toBe(404)
  })

  it('responds 404 for an unknown account, and 403 in three forms for an account of another merchant', async () => {
    const sandbox = await withSandbox()
    const client = await signIn(sandbox)
    const missing = await client.get(`${LINKS}/01HZ7N9K3R0F2QW3X4Y5Z6V7AC`)
    expect([missing.status, at(missing.body, 'error', 'message')]).toEqual([404, 'Account not found.'])

    const foreign = sandbox.merchants[1]?.accounts[0]?.id ?? ''
    const id = sandbox.linksOf(foreign)[0]?.id
    const first = await client.get(`${LINKS}/${foreign}/${id}`)
    expect([first.status, at(first.body, 'error', 'code')]).toEqual([403, 'SP403'])
    sandbox.behaviour.change({ forbiddenAs: 'noCode' })
    const second = await client.get(`${LINKS}/${foreign}`)
    expect([second.status, second.body]).toEqual([
      403,
      { status: 403, success: false, error: { message: 'Access denied to this account.' } },
    ])
    sandbox.behaviour.change({ forbiddenAs: 'spEnvelope' })
    const third = await client.put(`${LINKS}/${foreign}/${id}`, {})
    expect([third.status, at(third.body, 'response_code')]).toEqual([403, 'SP015'])
  })

  it('serves the payment methods at the path of an account id', async () => {
    const client = await signIn(await withSandbox())
    const { body } = await client.get(`${LINKS}/payment-methods`)
    const codes = at(body, 'data', 'available_codes') as string[]
    expect(codes).toHaveLength(20)
    expect(codes).toContain('ALFAMART')
    expect((at(body, 'data', 'payment_methods') as { code: string }[]).map(({ code }) => code)).toEqual(codes)
    expect((await client.get(`${LINKS}/payment-methods/103`)).status).toBe(404)
  })
})

describe('the lifecycle of a link', () => {
  it('changes the computed status of a link, not the stored one, at the moment of expiry', async () => {
    let now = NOON
    const sandbox = await withSandbox({
      seed: worldOf({}, [{ id: 7, expiredAtMs: NOON + 1000 }]),
      clock: { now: () => now },
    })
    const client = await signIn(sandbox)
    const life = async (): Promise<unknown[]> => {
      const { body } = await client.get(`${LINKS}/${MAIN_ACCOUNT}/7`)
      return ['status', 'status_computed', 'is_expired'].map((key) => at(body, 'data', key))
    }
    now = NOON + 999
    expect(await life()).toEqual(['open', 'open', false])
    now = NOON + 1000
    expect(await life()).toEqual(['open', 'expired', true])
    sandbox.patchLink(MAIN_ACCOUNT, 7, { status: 'closed' })
    expect(await life()).toEqual(['closed', 'closed', true])
  })

  it('counts a payment without changing payment_date, and refuses one beyond max_usage or after closing', async () => {
    const sandbox = await withSandbox({ seed: worldOf({}, [{ id: 7, maxUsage: 2 }]), clock: { now: () => NOON } })
    const client = await signIn(sandbox)
    sandbox.advanceClock(5000)
    sandbox.pay(MAIN_ACCOUNT, 7)
    sandbox.pay(MAIN_ACCOUNT, 7)
    const { body } = await client.get(`${LINKS}/${MAIN_ACCOUNT}/7`)
    expect(at(body, 'data', 'current_usage')).toBe(2)
    expect(at(body, 'data', 'payment_date')).toBe('2026-05-08T14:30:00+07:00')
    expect(at(body, 'data', 'updated_at')).toBe('2026-05-08T14:30:05+07:00')
    expect(() => sandbox.pay(MAIN_ACCOUNT, 7)).toThrow('takes no payment')
    const closed = sandbox.insertLink({ accountId: MAIN_ACCOUNT, status: 'closed' })
    expect(() => sandbox.pay(MAIN_ACCOUNT, closed.id)).toThrow('takes no payment')
  })
})

describe('the rows of a response', () => {
  it('writes links in the dialect of each route, which can be changed in part', async () => {
    const sandbox = await withSandbox({
      seed: worldOf({ key: 35 }, [{ id: 7, metadata: {} }]),
      clock: { now: () => NOON },
    })
    const client = await signIn(sandbox)
    sandbox.behaviour.change({
      listDialect: { figures: 'text', account: 'brief', zone: 'micros' },
      showDialect: { metadata: 'present', zone: 'zoneless', account: 'noContacts' },
      emptyMap: 'list',
      extraKeys: true,
    })
    const row = at((await client.get(`${LINKS}/${MAIN_ACCOUNT}`)).body, 'data', 0)
    expect(row).toMatchObject({
      total_amount: '50000.00',
      items: [{ quantity: '1', unit_price: '50000', subtotal: 50_000 }],
      account: { id: 35 },
      created_at: '2026-05-08T07:30:00.000000Z',
      optional_metadata: [],
      source: 'api v1',
    })
    const shown = at((await client.get(`${LINKS}/${MAIN_ACCOUNT}/7`)).body, 'data')
    expect(shown).toMatchObject({ created_at: '2026-05-08 14:30:00', total_amount: '50000.00', optional_metadata: [] })
    expect(Object.keys(at(shown, 'account') as object)).toEqual(['id', 'name', 'email', 'phone', 'status'])
  })

  it('shows a planted row in place of the stored link, in the operations it was planted for', async () => {
    const sandbox = await withSandbox({ seed: worldOf({}, [{ id: 7 }, { id: 8 }]) })
    const client = await signIn(sandbox)
    sandbox.setLinkRaw(MAIN_ACCOUNT, 7, { set: { status: 'draft', items: 'none' }, remove: ['title'], in: ['list'] })
    sandbox.setLinkRaw(MAIN_ACCOUNT, 8, { text: '{"id":8,"total_amount":12345678901234567890}' })
    const listed = await client.get(`${LINKS}/${MAIN_ACCOUNT}`)
    expect(listed.text).toContain('[{"id":8,"total_amount":12345678901234567890},{"id":7,')
    expect(at(listed.body, 'data', 1)).toMatchObject({ status: 'draft', items: 'none' })
    expect(at(listed.body, 'data', 1)).not.toHaveProperty('title')
    expect(at((await client.get(`${LINKS}/${MAIN_ACCOUNT}/7`)).body, 'data', 'status')).toBe('open')
    sandbox.setLinkRaw(MAIN_ACCOUNT, 8, null)
    expect(at((await client.get(`${LINKS}/${MAIN_ACCOUNT}/8`)).body, 'data', 'total_amount')).toBe('50000.00')
  })
})

describe('the list of links', () => {
  const seed = worldOf(
    {},
    Array.from({ length: 60 }, (_, index) => ({ id: index + 1 })),
  )
  const page = async (client: Client, query: string) => (await client.get(`${LINKS}/${MAIN_ACCOUNT}${query}`)).body
  const idsOf = (body: unknown) => (at(body, 'data') as { id: number }[]).map(({ id }) => id)

  it('can list the oldest link first', async () => {
    const sandbox = await withSandbox({ seed })
    sandbox.behaviour.change({ order: 'oldest' })
    expect(idsOf(await page(await signIn(sandbox), '?per_page=3&page=2'))).toEqual([4, 5, 6])
  })

  it('shifts rows down when a link is inserted between two reads, and up when one is deleted', async () => {
    const sandbox = await withSandbox({ seed })
    const client = await signIn(sandbox)
    sandbox.behaviour.change({ onList: 'insertBeforeNext' })
    expect(idsOf(await page(client, '?per_page=10&page=1')).at(-1)).toBe(51)
    expect(idsOf(await page(client, '?per_page=10&page=2'))[0]).toBe(51)
    sandbox.behaviour.change({ onList: 'deleteBeforeNext' })
    expect(idsOf(await page(client, '?per_page=10&page=1'))[0]).toBe(102)
    expect(idsOf(await page(client, '?per_page=10&page=1'))[0]).toBe(101)
  })

  it('lets a hook change the links before a call is carried out', async () => {
    const sandbox = await withSandbox({ seed })
    const client = await signIn(sandbox)
    const remove = sandbox.beforeResponse(({ operation, query }) => {
      if (operation === 'list' && query.get('page') === '2') sandbox.deleteLink(MAIN_ACCOUNT, 60)
    })
    expect(idsOf(await page(client, '?per_page=10&page=1')).at(-1)).toBe(51)
    expect(idsOf(await page(client, '?per_page=10&page=2'))[0]).toBe(49)
    remove()
    expect(idsOf(await page(client, '?per_page=10&page=2'))[0]).toBe(49)
  })
})

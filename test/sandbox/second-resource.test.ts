import { describe, expect, it, onTestFinished } from 'vitest'
import { paymentLinkSandbox } from '../../src/resources/payment-link/sandbox/index.js'
import { DEFAULT_DIRECTORY } from '../../src/sandbox/directory.js'
import type { SandboxResource } from '../../src/sandbox/resource.js'
import type { Sandbox, SandboxOptions } from '../../src/sandbox/sandbox.js'
import { startSandbox } from '../../src/sandbox/server.js'
import { oneOf } from '../../src/sandbox/switches.js'
import { at, type Client, control, LINKS, MAIN_ACCOUNT, signIn } from './sandbox-client.js'
import { type Voucher, voucherSandbox } from './voucher-sandbox.js'

const VOUCHERS = '/api/v1.0/voucher-manage'
const resources = [paymentLinkSandbox, voucherSandbox] as const

async function start(
  options: Partial<SandboxOptions<typeof resources>> = {},
): Promise<{ sandbox: Sandbox<typeof resources>; client: Client }> {
  const sandbox = await startSandbox({ resources, ...options })
  onTestFinished(() => sandbox.stop())
  return { sandbox, client: await signIn(sandbox) }
}

const codes = (count: number): Voucher[] =>
  Array.from({ length: count }, (_, index) => ({
    accountId: MAIN_ACCOUNT,
    code: `CODE-${index}`,
    status: index % 2 === 0 ? 'active' : 'cancelled',
  }))

describe('a second resource', () => {
  it('serves the routes of a second resource beside the payment links', async () => {
    const { client } = await start()
    const { status, body } = await client.get(`${VOUCHERS}/${MAIN_ACCOUNT}`)
    expect([status, at(body, 'data')]).toEqual([200, [{ voucher_code: 'LEBARAN', status: 'active' }]])
    expect((await client.get(`${LINKS}/${MAIN_ACCOUNT}`)).status).toBe(200)
  })

  it('pages the filtered rows of a second resource as the engine does', async () => {
    const { sandbox, client } = await start({ seed: () => ({ ...DEFAULT_DIRECTORY, vouchers: codes(60) }) })
    sandbox.behaviour.change({ pagination: 'snake', links: 'own' })
    const { body } = await client.get(`${VOUCHERS}/${MAIN_ACCOUNT}?status=active&per_page=20&page=2`)
    expect(at(body, 'data', 'length')).toBe(10)
    expect(at(body, 'data', 0, 'voucher_code')).toBe('CODE-40')
    expect(at(body, 'pagination')).toEqual({
      total: 30,
      count: 10,
      per_page: 20,
      current_page: 2,
      total_pages: 2,
      links: { previous: `${sandbox.url}${VOUCHERS}/${MAIN_ACCOUNT}?page=1` },
    })
  })

  it('starts a resource without records when the seed has none for it', async () => {
    const { sandbox } = await start({ seed: () => DEFAULT_DIRECTORY })
    expect([sandbox.vouchersOf(MAIN_ACCOUNT), sandbox.linksOf(MAIN_ACCOUNT)]).toEqual([[], []])
  })

  it('refuses unknown accounts and rows, accounts of another merchant and wrong fields', async () => {
    const { sandbox, client } = await start()
    const foreign = sandbox.merchants[1]?.accounts[0]?.id
    const cancel = `${VOUCHERS}/${MAIN_ACCOUNT}/LEBARAN/cancel`
    expect((await client.put(cancel, {})).status).toBe(200)
    const refusals = [
      await client.get(`${VOUCHERS}/nobody`),
      await client.get(`${VOUCHERS}/${foreign}`),
      await client.put(`${VOUCHERS}/${MAIN_ACCOUNT}/NONE/cancel`, {}),
      await client.put(cancel, {}),
    ]
    expect(refusals.map(({ status, body }) => [status, at(body, 'error', 'message')])).toEqual([
      [404, 'Account not found.'],
      [403, 'This account is assigned to a specific credential.'],
      [404, 'Voucher not found.'],
      [422, 'Validation error'],
    ])
  })

  it('joins the behaviours of a second resource to the others', async () => {
    const { sandbox, client } = await start()
    const changed = await control(sandbox, 'PUT', '/behaviour', { voucherCase: 'lower', order: 'oldest' })
    expect(changed.body).toMatchObject({ voucherCase: 'lower', order: 'oldest', pagination: 'camel' })
    expect(sandbox.behaviour.current.voucherCase).toBe('lower')
    expect(at((await client.get(`${VOUCHERS}/${MAIN_ACCOUNT}`)).body, 'data', 0, 'voucher_code')).toBe('lebaran')
    expect((await control(sandbox, 'PUT', '/behaviour', { voucherCase: 'camel' })).status).toBe(400)
    sandbox.behaviour.reset()
    expect(sandbox.behaviour.current.voucherCase).toBe('upper')
  })

  it('applies faults by the operations and ids of a second resource, and logs them', async () => {
    const { sandbox, client } = await start()
    sandbox.insertVoucher({ accountId: MAIN_ACCOUNT, code: 'NATAL', status: 'active' })
    sandbox.faults.add({ kind: 'empty-502', operation: 'voucher-cancel', voucherId: 'NATAL', applies: true })
    expect((await client.put(`${VOUCHERS}/${MAIN_ACCOUNT}/LEBARAN/cancel`, {})).status).toBe(200)
    expect((await client.put(`${VOUCHERS}/${MAIN_ACCOUNT}/NATAL/cancel`, {})).status).toBe(502)
    expect(sandbox.vouchersOf(MAIN_ACCOUNT).map(({ status }) => status)).toEqual(['cancelled', 'cancelled'])
    expect(sandbox.log.entries.at(-1)).toMatchObject({
      operation: 'voucher-cancel',
      accountId: MAIN_ACCOUNT,
      voucherId: 'NATAL',
      linkId: null,
      fault: 'empty-502',
    })
    expect(() => sandbox.faults.add({ kind: 'reset', refundId: '1' })).toThrow('A fault has no refundId')
  })

  it('offers the controls of a second resource as methods and over HTTP', async () => {
    const { sandbox } = await start()
    const voucher = { accountId: MAIN_ACCOUNT, code: 'NATAL', status: 'active' }
    expect((await control(sandbox, 'POST', '/vouchers', voucher)).body).toEqual({ ok: true })
    expect(sandbox.vouchersOf(MAIN_ACCOUNT).at(-1)).toEqual(voucher)
    expect(at((await control(sandbox, 'GET', `/vouchers/${MAIN_ACCOUNT}`)).body, 'length')).toBe(2)
  })
})

describe('the start of a sandbox', () => {
  const route = { method: 'GET', path: '/api/v1.0/other', handle: () => ({ status: 204, contentType: '', text: '' }) }
  const startWith = (resource: SandboxResource) => startSandbox({ resources: [paymentLinkSandbox, resource] })

  it.each<[string, SandboxResource]>([
    ['behaviour order', { switches: { order: oneOf('any') }, start: () => ({ routes: [] }) }],
    ['seed links', { seed: () => ({ links: [] }), start: () => ({ routes: [] }) }],
    ['operation list', { start: () => ({ routes: [{ ...route, operation: 'list' }] }) }],
    ['operation any', { start: () => ({ routes: [{ ...route, operation: 'any' }] }) }],
    ['control pay', { start: () => ({ routes: [], controls: { pay: () => undefined } }) }],
    ['control faults', { start: () => ({ routes: [], controls: { faults: () => undefined } }) }],
  ])('refuses a resource whose %s is taken, and leaves nothing running', async (name, resource) => {
    await expect(startWith(resource)).rejects.toThrow(`The ${name} is taken by another resource or the engine`)
  })
})

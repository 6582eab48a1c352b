import { controlRoute } from '../../src/sandbox/control.js'
import type { SandboxContext, SandboxRequest, SandboxResource } from '../../src/sandbox/resource.js'
import { found, type SandboxResponse, success } from '../../src/sandbox/response.js'
import { oneOf, type ValuesOf } from '../../src/sandbox/switches.js'
import { MAIN_ACCOUNT } from './sandbox-client.js'

export interface Voucher {
  readonly accountId: string
  readonly code: string
  readonly status: string
}

const SWITCHES = { voucherCase: oneOf('upper', 'lower') }
type VoucherBehaviour = ValuesOf<typeof SWITCHES>

interface VoucherControls {
  vouchersOf(accountId: string): readonly Voucher[]
  insertVoucher(voucher: Voucher): void
}

/** A made-up resource: a paged list with a filter, and one mutation. */
export const voucherSandbox: SandboxResource<
  VoucherBehaviour,
  { readonly vouchers: readonly Voucher[] },
  VoucherControls
> = {
  switches: SWITCHES,
  seed: () => ({ vouchers: [{ accountId: MAIN_ACCOUNT, code: 'LEBARAN', status: 'active' }] }),
  start: (context, { vouchers = [] }) => {
    const stored = new Map(vouchers.map((voucher) => [voucher.code, voucher]))
    const controls: VoucherControls = {
      vouchersOf: (accountId) => [...stored.values()].filter((voucher) => voucher.accountId === accountId),
      insertVoucher: (voucher) => void stored.set(voucher.code, voucher),
    }
    const root = '/api/v1.0/voucher-manage/:accountId'
    return {
      routes: [
        { operation: 'voucher-list', method: 'GET', path: root, handle: (request) => list(context, controls, request) },
        {
          operation: 'voucher-cancel',
          method: 'PUT',
          path: `${root}/:voucherId/cancel`,
          handle: (request) => cancel(context, controls, request),
        },
      ],
      controls,
      controlRoutes: [
        controlRoute('GET', '/vouchers/:accountId', ({ param }) => controls.vouchersOf(param('accountId'))),
        controlRoute('POST', '/vouchers', ({ body }) => controls.insertVoucher(body() as unknown as Voucher)),
      ],
    }
  },
}

type Context = SandboxContext<VoucherBehaviour>

function list(context: Context, { vouchersOf }: VoucherControls, request: SandboxRequest): SandboxResponse {
  const status = request.query.get('status')
  const vouchers = vouchersOf(request.account().id).filter((voucher) => status === null || voucher.status === status)
  return request.page(vouchers, (voucher) => rowText(context, voucher))
}

function cancel(
  context: Context,
  { vouchersOf, insertVoucher }: VoucherControls,
  request: SandboxRequest,
): SandboxResponse {
  const vouchers = vouchersOf(request.account().id)
  const voucher = found(
    vouchers.find(({ code }) => code === request.param('voucherId')),
    'Voucher not found.',
  )
  if (voucher.status !== 'active') return request.invalid({ status: ['The voucher is cancelled already.'] })
  const cancelled = { ...voucher, status: 'cancelled' }
  insertVoucher(cancelled)
  return success(rowText(context, cancelled))
}

function rowText(context: Context, { code, status }: Voucher): string {
  const isLower = context.behaviour().voucherCase === 'lower'
  return JSON.stringify({ voucher_code: isLower ? code.toLowerCase() : code, status })
}

import type { ServerResponse } from 'node:http'
import type { UpdatePaymentLinkMutation } from '../../../src/client/graphql.js'
import { type GatewayResponse, startGatewayOver } from '../../support/gateway.js'
import { type Answering, CREDENTIALS, json, type SeenCall, success, withUpstream } from '../../support/with-upstream.js'
import { ACCOUNT, type Changes, update } from './updating.js'

export interface Script {
  /** Responds to each PUT. */
  readonly put: (response: ServerResponse, nth: number) => void
  /** Put over the link's row. */
  readonly row?: Row
  /** Responds to each page of the list, by its number; without it there is no list. */
  readonly list?: (response: ServerResponse, page: number) => void
  /** Responds to the catalogue of methods; with `CODES` when left out. */
  readonly catalogue?: (response: ServerResponse) => void
  /** Put over the link's row from the first PUT on; or responds to reads from then on. */
  readonly after?: Row | ((response: ServerResponse) => void)
}

type Row = Readonly<Record<string, unknown>>

export interface Scripted {
  readonly response: GatewayResponse<UpdatePaymentLinkMutation>
  readonly puts: readonly SeenCall[]
  /** How often the link was read after the first PUT. */
  readonly readBacks: number
}

/** One update of a link over an upstream that follows a script. */
export async function updateOver(script: Script, changes: Changes): Promise<Scripted> {
  const { put, row, list, catalogue, after } = script
  let putCount = 0
  let readBacks = 0
  const answer: Answering = ({ method, path }, response) => {
    if (method === 'PUT') {
      putCount += 1
      return put(response, putCount)
    }
    const { pathname, searchParams } = new URL(path, 'http://upstream')
    if (pathname.endsWith('/payment-methods')) {
      return catalogue ? catalogue(response) : success(response, { available_codes: CODES })
    }
    if (list && pathname.endsWith(ACCOUNT)) return list(response, Number(searchParams.get('page')))
    if (putCount > 0) readBacks += 1
    if (putCount > 0 && typeof after === 'function') return after(response)
    const data = { ...ROW, ...row, ...(putCount > 0 ? after : {}) }
    return json(response, 200, { status: 200, success: true, data })
  }
  let scripted: Scripted | undefined
  await withUpstream({ answer }, async ({ origin, calls }) => {
    const gateway = await startGatewayOver(origin, {
      LOG_LEVEL: 'silent',
      SINGAPAY_API_KEY: CREDENTIALS.apiKey,
      SINGAPAY_CLIENT_ID: CREDENTIALS.clientId,
      SINGAPAY_CLIENT_SECRET: CREDENTIALS.clientSecret,
    })
    try {
      const said = await update(gateway, { accountId: ACCOUNT, id: 7 }, changes)
      scripted = { response: said, puts: calls.filter(({ method }) => method === 'PUT'), readBacks }
    } finally {
      await gateway.stop()
    }
  })
  if (scripted === undefined) throw new Error('the update was not made')
  return scripted
}

/** The catalogue of methods. */
export const CODES = ['QRIS', 'VA_BRI', 'ALFAMART']

/** The link, until the test changes it. */
export const ROW = {
  id: 7,
  reff_no: 'INV-7',
  status: 'open',
  required_customer_detail: true,
  max_usage: 10,
  current_usage: 2,
  expired_at: null,
  total_amount: '10000.00',
  items: null,
  whitelisted_payment_method: ['QRIS'],
  redirect_url: null,
  optional_metadata: {},
  created_at: '2026-05-08T14:30:00+07:00',
}

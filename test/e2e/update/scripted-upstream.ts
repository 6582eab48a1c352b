import type { ServerResponse } from 'node:http'
import type { UpdatePaymentLinkMutation } from '../../../src/client/graphql.js'
import { type Answer, startGatewayOver } from '../../support/gateway.js'
import { type Answering, CREDENTIALS, json, type SeenCall, withUpstream } from '../../support/with-upstream.js'
import { ACCOUNT, type Changes, update } from './updating.js'

export interface Script {
  /** Answers each PUT. */
  readonly put: (response: ServerResponse, nth: number) => void
  /** Put over the link's row. */
  readonly row?: Readonly<Record<string, unknown>>
}

export interface Scripted {
  readonly answer: Answer<UpdatePaymentLinkMutation>
  readonly puts: readonly SeenCall[]
}

/** One update of a link over an upstream that says whatever the test wants it to say. */
export async function updateOver({ put, row }: Script, changes: Changes): Promise<Scripted> {
  const link = { ...ROW, ...row }
  let putCount = 0
  const answer: Answering = ({ method, path }, response) => {
    if (method === 'PUT') {
      putCount += 1
      return put(response, putCount)
    }
    if (path.endsWith('/payment-methods'))
      return json(response, 200, { success: true, data: { available_codes: CODES } })
    return json(response, 200, { status: 200, success: true, data: link })
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
      scripted = { answer: said, puts: calls.filter(({ method }) => method === 'PUT') }
    } finally {
      await gateway.stop()
    }
  })
  if (scripted === undefined) throw new Error('the update was not made')
  return scripted
}

const CODES = ['QRIS', 'VA_BRI']

const ROW = {
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

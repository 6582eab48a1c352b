import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { FaultRule } from '../../../src/sandbox/faults.js'
import { gatewayOfFile } from '../../support/gateway.js'
import { json, success } from '../../support/with-upstream.js'
import { ROW, updateOver } from './scripted-upstream.js'
import { codeOf, onlyPut, payloadOf, plant, puts, update, updatedOf, WHOLE } from './updating.js'

const gateway = gatewayOfFile({ env: { UPSTREAM_TIMEOUT_MS: '300', REQUEST_TIMEOUT_MS: '2000' } })

/** Faults of the catalogue's route, and the code of an update that needs the catalogue. */
const FAULTS: readonly [FaultRule['kind'], string][] = [
  ['json-500', 'UPSTREAM_UNAVAILABLE'],
  ['html-500', 'UPSTREAM_UNAVAILABLE'],
  ['reset', 'UPSTREAM_UNAVAILABLE'],
  ['hang', 'UPSTREAM_TIMEOUT'],
  ['drip', 'UPSTREAM_TIMEOUT'],
  ['rate-limited', 'RATE_LIMITED'],
]

/** Responses without a catalogue, for which trying again would not help. */
const NONE: readonly [string, (response: ServerResponse) => void][] = [
  ['is not there', (response) => json(response, 404, { message: 'The route could not be found.' })],
  ['is refused', (response) => json(response, 400, { success: false, error: { code: 400 } })],
  ['is refused with 200', (response) => json(response, 200, { success: false })],
  ['is empty', (response) => success(response, { available_codes: [], payment_methods: [] })],
  ['is null', (response) => success(response, null)],
  ['is no JSON', (response) => void response.writeHead(200).end('<p>')],
]

const CODES = { whitelistedPaymentMethod: ['VA_BRI'] }
const put = (response: ServerResponse, fields: object): void => success(response, { ...ROW, ...fields })

describe('the catalogue of payment methods', () => {
  it.each(FAULTS)('updates without new codes while the catalogue fails with %s', async (kind) => {
    gateway.sandbox.faults.add({ kind, operation: 'payment-methods' })
    updatedOf(await update(gateway, plant(gateway), { maxUsage: 12 }))
    expect(onlyPut(gateway)).toEqual({ ...WHOLE, max_usage: 12 })
    updatedOf(await update(gateway, plant(gateway), { whitelistedPaymentMethod: null }))
    expect(puts(gateway)).toHaveLength(2)
  })

  it.each(FAULTS)('sends no unchecked code while the catalogue fails with %s', async (kind, code) => {
    gateway.sandbox.faults.add({ kind, operation: 'payment-methods' })
    const response = await update(gateway, plant(gateway), CODES)
    expect([codeOf(response), response.errors?.[0]?.extensions.retryable]).toEqual([code, true])
    expect(puts(gateway)).toEqual([])
  })

  it.each(NONE)('updates without new codes when the catalogue %s', async (_, catalogue) => {
    const { response, puts } = await updateOver(
      { catalogue, put: (response) => put(response, { max_usage: 12 }) },
      { maxUsage: 12 },
    )
    updatedOf(response)
    expect(puts).toHaveLength(1)
  })

  it.each(NONE)('sends no unchecked code when the catalogue %s', async (_, catalogue) => {
    const { response, puts } = await updateOver({ catalogue, put: (response) => put(response, {}) }, CODES)
    expect(payloadOf(response)).toMatchObject({
      paymentLink: { id: '7' },
      userErrors: [
        { code: 'REJECTED', field: ['whitelistedPaymentMethod'], message: expect.stringMatching(/catalogue/) },
      ],
    })
    expect(puts).toEqual([])
  })

  it('forty queued writers wait for the catalogue, however little time is left, and none sends an unchecked code', async () => {
    gateway.sandbox.faults.add({ kind: 'latency', operation: 'update', ms: 60 })
    gateway.sandbox.faults.add({ kind: 'latency', operation: 'payment-methods', ms: 40 })
    const link = plant(gateway)
    const responses = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        update(
          gateway,
          link,
          index % 2 ? { maxUsage: 20 + index } : { whitelistedPaymentMethod: [`UNKNOWN_${index}`] },
        ),
      ),
    )
    for (const [index, { errors, data, text }] of responses.entries()) {
      if (index % 2) continue
      if (errors) expect(errors[0]?.extensions.retryable, text).toBe(true)
      else expect(data?.updatePaymentLink?.userErrors.map(({ code }) => code)).toEqual(['UNKNOWN_PAYMENT_METHOD'])
    }
    expect(JSON.stringify(puts(gateway).map(({ body }) => body))).not.toContain('UNKNOWN')
  })
})

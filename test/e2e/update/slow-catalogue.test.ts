import type { ServerResponse } from 'node:http'
import { expect, it } from 'vitest'
import { startGatewayOver } from '../../support/gateway.js'
import { CREDENTIALS, success, withUpstream } from '../../support/with-upstream.js'
import { CODES, ROW } from './scripted-upstream.js'
import { ACCOUNT, update, updatedOf } from './updating.js'

it('an update waiting for the catalogue does not block another update of the same link', async () => {
  let row: Readonly<Record<string, unknown>> = ROW
  let release: ((response: ServerResponse) => void) | undefined
  const waiting: ServerResponse[] = []
  let sawCatalogue = (): void => {}
  const catalogueAsked = new Promise<void>((resolve) => {
    sawCatalogue = resolve
  })
  await withUpstream(
    {
      answer: ({ method, path, body }, response) => {
        if (path.includes('/payment-methods')) {
          sawCatalogue()
          return release ? release(response) : void waiting.push(response)
        }
        if (method === 'PUT') {
          row = { ...row, ...JSON.parse(body) }
          // The first update can only go on once the other has closed the link.
          release = (held) => success(held, { available_codes: CODES })
          for (const held of waiting.splice(0)) release(held)
        }
        return success(response, row)
      },
    },
    async ({ origin, calls }) => {
      const gateway = await startGatewayOver(origin, {
        LOG_LEVEL: 'silent',
        REQUEST_TIMEOUT_MS: '6000',
        UPSTREAM_TIMEOUT_MS: '30000',
        SINGAPAY_API_KEY: CREDENTIALS.apiKey,
        SINGAPAY_CLIENT_ID: CREDENTIALS.clientId,
        SINGAPAY_CLIENT_SECRET: CREDENTIALS.clientSecret,
      })
      try {
        const link = { accountId: ACCOUNT, id: 7 }
        const methods = update(gateway, link, { whitelistedPaymentMethod: ['VA_BRI'] })
        await catalogueAsked
        const closed = await update(gateway, link, { status: 'CLOSED' })
        expect(updatedOf(closed)).toMatchObject({ status: 'CLOSED', whitelistedPaymentMethod: ['QRIS'] })
        expect(updatedOf(await methods)).toMatchObject({ status: 'CLOSED', whitelistedPaymentMethod: ['VA_BRI'] })
        expect(calls.filter(({ method }) => method === 'PUT')).toHaveLength(2)
      } finally {
        await gateway.stop()
      }
    },
  )
})

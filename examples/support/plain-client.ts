import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { PaymentLinksByKeysDocument, type UpdatePaymentLinkInput } from 'singapay-payment-link-gateway/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ResponseError } from '../responses/retrying.js'
import { type FailingGateway, startFailingGateway } from './failing-gateway.js'
import { type Gateway, startGateway } from './gateway.js'
import { createRecordingFetch } from './recording-fetch.js'
import { OTHER_ACCOUNT_ID, UNKNOWN_ACCOUNT_ID } from './sample.js'
import { JWT_SETTINGS, signToken } from './token.js'

interface Link {
  readonly accountId: string | number
  readonly id: string | number
  readonly maxUsage: number
  readonly version: string
}

/** A client without a cache, as an example's own files set it up. */
export interface PlainClient<Connection> {
  readonly name: string
  connect(options: { readonly url: string; readonly token?: () => string; readonly fetch: typeof fetch }): Connection
  ask<Data, Variables extends Record<string, unknown>>(
    connection: Connection,
    operation: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<{ readonly data?: Data | null | undefined; readonly errors?: readonly ResponseError[] | undefined }>
  eachLink(connection: Connection, accountId: string): AsyncIterable<Link | null>
  updateLink(connection: Connection, input: UpdatePaymentLinkInput): Promise<object>
}

/** The promises of every client without a cache. */
export function describePlainClient<Connection>(client: PlainClient<Connection>): void {
  function connect({ url }: { readonly url: string }, token?: () => string) {
    const { fetch, sent } = createRecordingFetch()
    return { connection: client.connect({ url, fetch, ...(token && { token }) }), sent }
  }

  async function listAll(connection: Connection, accountId: string): Promise<Link[]> {
    const links: Link[] = []
    for await (const link of client.eachLink(connection, accountId)) if (link !== null) links.push(link)
    return links
  }

  describe(client.name, () => {
    let gateway: Gateway
    beforeAll(async () => {
      gateway = await startGateway()
    })
    afterAll(() => gateway.stop())

    it('lists every link page by page', async () => {
      const { connection, sent } = connect(gateway)
      const ids = (await listAll(connection, gateway.accountId)).map(({ id }) => id)
      expect(new Set(ids).size).toBe(200)
      expect(ids).toHaveLength(200)
      expect(sent).toHaveLength(2)
    })

    it('gets the updated link, or the user errors and the link as it is now', async () => {
      const { connection } = connect(gateway)
      const link = (await listAll(connection, gateway.accountId)).find(({ id }) => id === '383')
      const { accountId, id, maxUsage, version } = link ?? expect.fail('link 383')
      const input = { accountId: `${accountId}`, id: `${id}`, expectedVersion: version }
      const saved = await client.updateLink(connection, { ...input, maxUsage: maxUsage + 1 })
      expect(saved).toMatchObject({ kind: 'saved', link: { maxUsage: maxUsage + 1 } })
      expect(await client.updateLink(connection, { ...input, maxUsage: maxUsage + 2 })).toMatchObject({
        kind: 'refused',
        userErrors: [{ code: 'STALE' }],
        link: { maxUsage: maxUsage + 1 },
      })
      expect(
        await client.updateLink(connection, { accountId: input.accountId, id: input.id, maxUsage: 0 }),
      ).toMatchObject({
        kind: 'refused',
        userErrors: [{ code: 'INVALID', field: ['maxUsage'] }],
      })
    })

    it('sends the token, and keeps the data of a partial response', async () => {
      const guarded = await startGateway(JWT_SETTINGS)
      try {
        const { accountId } = guarded
        const token = () => signToken({ accounts: [accountId], scope: 'payment-links:read' })
        const { connection, sent } = connect(guarded, token)
        const keys = [
          { accountId, id: '383' },
          { accountId: OTHER_ACCOUNT_ID, id: '1' },
        ]
        const { data, errors } = await client.ask(connection, PaymentLinksByKeysDocument, { keys })
        expect(data?.paymentLinksByKeys).toEqual([expect.objectContaining({ id: '383' }), null])
        expect(errors).toMatchObject([{ path: ['paymentLinksByKeys', 1], extensions: { code: 'FORBIDDEN' } }])
        expect(sent[0]?.headers.get('authorization')).toMatch(/^Bearer /)
        const unknown = connect(guarded, () => 'not a token').connection
        const outcome = await client.updateLink(unknown, { accountId, id: '383', maxUsage: 5 })
        expect(outcome).toMatchObject({ kind: 'failed', code: 'UNAUTHENTICATED' })
      } finally {
        await guarded.stop()
      }
    })
  })

  describe(`${client.name}, when the API behind the gateway fails`, () => {
    let failing: FailingGateway
    beforeAll(async () => {
      failing = await startFailingGateway()
    })
    afterAll(() => failing.stop())

    it('retries a query whose errors are retryable, and no other', async () => {
      const { connection, sent } = connect(failing)
      await failing.fail({ kind: 'empty-503', operation: 'list', times: 6 })
      expect(await listAll(connection, failing.accountId)).toHaveLength(200)
      expect(sent).toHaveLength(3)
      await expect(listAll(connection, UNKNOWN_ACCOUNT_ID)).rejects.toMatchObject({
        cause: [{ extensions: { code: 'NOT_FOUND' } }],
      })
      expect(sent).toHaveLength(4)
    })

    it('sends a mutation once, and reports an unknown outcome as unknown', async () => {
      const { connection, sent } = connect(failing)
      await failing.fail({ kind: 'empty-503', operation: 'update', times: 1 })
      const outcome = await client.updateLink(connection, { accountId: failing.accountId, id: '383', maxUsage: 777 })
      expect(outcome).toEqual({ kind: 'unknown' })
      expect(sent).toHaveLength(1)
      const nowhere = client.connect({ url: 'http://127.0.0.1:9/graphql', fetch })
      const unsent = await client.updateLink(nowhere, { accountId: failing.accountId, id: '383', maxUsage: 777 })
      expect(unsent).toEqual({ kind: 'unknown' })
    })
  })
}

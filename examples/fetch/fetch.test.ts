import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gateway as RunningGateway, startGateway } from '../support/gateway.js'
import { describePlainClient } from '../support/plain-client.js'
import { OTHER_ACCOUNT_ID, UNKNOWN_ACCOUNT_ID } from '../support/sample.js'
import { JWT_SETTINGS, signToken } from '../support/token.js'
import { ask, type Gateway } from './ask.js'
import { eachLink, updateLink } from './payment-links.js'

describePlainClient<Gateway>({ name: 'fetch', connect: (gateway) => gateway, ask, eachLink, updateLink })

describe('curl', () => {
  let gateway: RunningGateway
  beforeAll(async () => {
    gateway = await startGateway(JWT_SETTINGS)
  })
  afterAll(() => gateway.stop())

  async function run(accountId: string, env: Readonly<Record<string, string>>) {
    const script = fileURLToPath(new URL('payment-links.sh', import.meta.url))
    const child = spawn('sh', [script, gateway.url, accountId], { env: { PATH: process.env['PATH'] ?? '', ...env } })
    const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { status, stderr, ids: stdout.trimEnd().split('\n') }
  }

  const TOKEN = signToken({ accounts: '*', scope: 'payment-links:read' })

  it('lists every link page by page', async () => {
    const { status, stderr, ids } = await run(gateway.accountId, { TOKEN })
    expect({ status, stderr }, 'needs curl (Debian: apt-get install curl)').toEqual({ status: 0, stderr: '' })
    expect(new Set(ids).size).toBe(200)
    expect(ids).toHaveLength(200)
  })

  it.each([
    ['the caller has no token', {}, OTHER_ACCOUNT_ID, 'UNAUTHENTICATED'],
    ['the account does not exist', { TOKEN }, UNKNOWN_ACCOUNT_ID, 'NOT_FOUND'],
  ])('fails and prints the error when %s', async (_when, env: Record<string, string>, accountId, code) => {
    const { status, stderr } = await run(accountId, env)
    expect(status).toBe(1)
    expect(stderr).toContain(`"code":"${code}"`)
  })
})

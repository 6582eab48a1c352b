import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type RunningApp, startApp } from '../src/app.js'
import { type Environment, loadSettings } from '../src/config/load.js'
import { sandboxResources } from '../src/resources/index.js'
import { type Sandbox, startSandbox } from '../src/sandbox/server.js'
import { createLogger } from '../src/telemetry/logger.js'
import type { TestSandbox } from './support/gateway.js'

const running: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const part of running.splice(0).reverse()) await part.stop()
})

async function startOver(sandbox: Sandbox, env: Environment = {}): Promise<RunningApp> {
  const loaded = loadSettings({
    SINGAPAY_BASE_URL: sandbox.url,
    SINGAPAY_API_KEY: sandbox.credentials.apiKey,
    SINGAPAY_CLIENT_ID: sandbox.credentials.clientId,
    SINGAPAY_CLIENT_SECRET: sandbox.credentials.clientSecret,
    AUTH_MODE: 'none',
    PORT: '0',
    ...env,
  })
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'))
  const app = await startApp(loaded.settings, { logger: createLogger('silent') })
  running.push(app)
  return app
}

async function startASandbox(): Promise<TestSandbox> {
  const sandbox = await startSandbox({ resources: sandboxResources })
  running.push(sandbox)
  return sandbox
}

describe('the gateway', () => {
  it('finishes a write whose caller has left before the gateway stops', async () => {
    const sandbox = await startASandbox()
    const [account] = sandbox.accounts
    const [link] = sandbox.linksOf(account?.id ?? '')
    if (link === undefined) throw new Error('the sandbox has no link')
    const app = await startOver(sandbox)
    let arrived: () => void = () => {}
    let letGo: () => void = () => {}
    const putArrived = new Promise<void>((resolve) => (arrived = resolve))
    const putGoesOn = new Promise<void>((resolve) => (letGo = resolve))
    sandbox.beforeResponse(async ({ operation }) => {
      if (operation !== 'update') return
      arrived()
      await putGoesOn
    })

    const query = `mutation { updatePaymentLink(input: { accountId: "${link.accountId}", id: "${link.id}", maxUsage: 77 }) { userErrors { code } } }`
    const leaving = new AbortController()
    const asked = fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
      signal: leaving.signal,
    })
    await putArrived
    leaving.abort()
    await expect(asked).rejects.toThrow()

    const order: string[] = []
    const stopped = app.stop().then(() => order.push('stopped'))
    // The port closes at once; the process waits for the write.
    await expect.poll(() => accepts(app.url)).toBe(false)
    order.push('write goes on')
    letGo()
    await stopped
    expect(order).toEqual(['write goes on', 'stopped'])
    expect(sandbox.linksOf(link.accountId).find(({ id }) => id === link.id)?.maxUsage).toBe(77)
  })

  it('does not mark responses as sandbox data when the upstream is an origin', async () => {
    const sandbox = await startASandbox()
    const app = await startOver(sandbox)
    expect(app.tryAccountId).toBeUndefined()
    const response = await fetch(`${app.url}/health/ready`)
    expect([response.status, response.headers.has('x-upstream')]).toEqual([200, false])
  })

  it('applies the limits from the settings', async () => {
    const app = await startOver(await startASandbox(), { MAX_BODY_BYTES: '100', INTROSPECTION: 'off' })
    const ask = (query: string) =>
      fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
    expect((await ask(`{ ${' '.repeat(100)} }`)).status).toBe(413)
    expect(await (await ask('{ __schema { __typename } }')).json()).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    })
  })
})

async function accepts(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

import type { Gateway } from './gateway.js'
import { startProgram } from './program.js'

/** A gateway over a sandbox that fails when it is told to (docs/sandbox.md). */
export interface FailingGateway extends Gateway {
  /** The next calls of this kind fail, `times` of them; the gateway itself asks three times for what it reads. */
  fail(fault: { readonly kind: string; readonly operation: string; readonly times: number }): Promise<void>
}

export async function startFailingGateway(): Promise<FailingGateway> {
  const sandbox = await startProgram({ args: ['sandbox', '--port', '0'], env: {}, ready: SANDBOX })
  const [, , account = ''] = sandbox.found
  const settings = Object.fromEntries(
    [...sandbox.found[0].matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  )
  const gateway = await startProgram({
    env: { ...settings, PORT: '0', LOG_LEVEL: 'silent', CACHE_TTL_MS: '0' },
    ready: /GraphQL: (\S+)/,
  })
  return {
    url: gateway.found[1] ?? '',
    accountId: account,
    fail: async (fault) => {
      const { status } = await fetch(`${settings['SINGAPAY_BASE_URL']}/__sandbox/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fault),
      })
      if (status !== 200) throw new Error(`The sandbox does not take this fault: ${status}`)
    },
    stop: async () => {
      await gateway.stop()
      await sandbox.stop()
    },
  }
}

/** All that it prints, up to the first account. */
const SANDBOX = /(SINGAPAY_BASE_URL=[^]*)Accounts:\s+(\w+)/

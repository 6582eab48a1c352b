import { type Gateway, startGateway } from './gateway.js'
import { startSandbox } from './sandbox.js'

/** A gateway over a sandbox that fails when it is told to (docs/sandbox.md). */
export interface FailingGateway extends Gateway {
  /** The next calls of this kind fail, `times` of them; the gateway asks three times for what it reads, and for a page of 100 three times more in a smaller one. */
  fail(fault: { readonly kind: string; readonly operation: string; readonly times: number }): Promise<void>
}

export async function startFailingGateway(): Promise<FailingGateway> {
  const sandbox = await startSandbox()
  const gateway = await startGateway({ ...sandbox.settings, CACHE_TTL_MS: '0' })
  return {
    url: gateway.url,
    accountId: '01HZ7N9K3R0F2QW3X4Y5Z6V7AB',
    fail: async (fault) => {
      await sandbox.control('POST', '/faults', fault)
    },
    stop: async () => {
      await gateway.stop()
      await sandbox.stop()
    },
  }
}

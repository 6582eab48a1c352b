import { type Gateway, startGateway } from './gateway.js'
import { startSandbox } from './sandbox.js'

/** A gateway on a sandbox that fails on demand (docs/sandbox.md). */
export interface FailingGateway extends Gateway {
  /**
   * Makes the next `times` calls of this operation fail. The gateway tries a read three times, and a page of 100 three more times as
   * a smaller page.
   */
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

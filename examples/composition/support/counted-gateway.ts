import { startGateway } from '../../support/gateway.js'
import { type Sandbox, startSandbox } from '../../support/sandbox.js'
import { JWT_SETTINGS } from '../../support/token.js'

/** The gateway on a sandbox of its own, whose calls are counted and whose data can be changed. Callers need a token. */
export interface CountedGateway extends Pick<Sandbox, 'control'> {
  readonly url: string
  /** Upstream calls since the last count, without those for tokens. */
  countCalls(): Promise<number>
  stop(): Promise<void>
}

export async function startCountedGateway(env: Readonly<Record<string, string>>): Promise<CountedGateway> {
  const { settings, control, stop } = await startSandbox()
  const gateway = await startGateway({ ...settings, ...JWT_SETTINGS, CACHE_TTL_MS: '0', ...env })
  return {
    url: gateway.url,
    control,
    countCalls: async () => {
      const { entries } = (await control('GET', '/log')) as {
        readonly entries: readonly { readonly operation: string }[]
      }
      await control('DELETE', '/log')
      return entries.filter(({ operation }) => operation !== 'token').length
    },
    stop: async () => {
      await gateway.stop()
      await stop()
    },
  }
}

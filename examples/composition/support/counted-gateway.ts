import { startProgram } from '../../support/program.js'
import { JWT_SETTINGS } from '../../support/token.js'

/** The gateway over a sandbox of its own, whose calls are counted and whose data can be changed. Callers bring a token. */
export interface CountedGateway {
  readonly url: string
  /** Calls to the upstream since the last time it was asked; those for tokens are not counted. */
  countCalls(): Promise<number>
  /** A route under `/__sandbox` (docs/sandbox.md). @throws Error when it cannot be done */
  control(method: string, path: string, body?: object): Promise<unknown>
  stop(): Promise<void>
}

export async function startCountedGateway(): Promise<CountedGateway> {
  const sandbox = await startProgram({ args: ['sandbox', '--port', '0'], env: {}, ready: /at (\S+)\.[\s\S]*Accounts:/ })
  const [told, sandboxUrl = ''] = sandbox.found
  const settings = Object.fromEntries(
    [...told.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  )
  const gateway = await startProgram({
    env: { ...settings, ...JWT_SETTINGS, PORT: '0', LOG_LEVEL: 'silent', CACHE_TTL_MS: '0' },
    ready: /GraphQL: (\S+)/,
  })
  const control: CountedGateway['control'] = async (method, path, body) => {
    const headers = { 'content-type': 'application/json' }
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    const response = await fetch(`${sandboxUrl}/__sandbox${path}`, init)
    const answer: unknown = await response.json()
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
    return answer
  }
  return {
    url: gateway.found[1] ?? '',
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
      await sandbox.stop()
    },
  }
}

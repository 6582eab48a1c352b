import { startProgram } from './program.js'

/** The sandbox alone, for tests that need the upstream to fail or to change behind the gateway's back. */
export interface Sandbox {
  /** What puts a gateway before it. */
  readonly settings: Readonly<Record<string, string>>
  /** One of the routes under `/__sandbox` (docs/sandbox.md). @throws Error when it cannot be done */
  control(method: string, path: string, body?: object): Promise<unknown>
  stop(): Promise<void>
}

/** Starts it on a free port, as a process of its own. */
export async function startSandbox(): Promise<Sandbox> {
  const { found, stop } = await startProgram({ args: ['sandbox', '--port', '0'], env: {}, ready: WELCOME })
  const settings = Object.fromEntries(
    [...found[0].matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  )
  return {
    settings,
    control: async (method, path, body) => {
      const response = await fetch(`${settings['SINGAPAY_BASE_URL']}/__sandbox${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      })
      const answer: unknown = await response.json()
      if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
      return answer
    },
    stop,
  }
}

/** The settings it prints. */
const WELCOME = /SINGAPAY_BASE_URL=[\s\S]*Accounts:/

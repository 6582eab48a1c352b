import { startProgram } from './program.js'

/** The sandbox alone, for tests that make the upstream fail, or change it behind the gateway's back. */
export interface Sandbox {
  /** Settings for a gateway in front of it. */
  readonly settings: Readonly<Record<string, string>>
  /** Calls one of the routes under `/__sandbox` (docs/sandbox.md). @throws Error if the sandbox refuses */
  control(method: string, path: string, body?: object): Promise<unknown>
  stop(): Promise<void>
}

/** Starts it on a free port, in its own process. */
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
      const result: unknown = await response.json()
      if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(result)}`)
      return result
    },
    stop,
  }
}

/** The settings that it prints when it starts. */
const WELCOME = /SINGAPAY_BASE_URL=[\s\S]*Accounts:/

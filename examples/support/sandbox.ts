import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

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
  const child = spawn(process.execPath, [MAIN, 'sandbox', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  let welcome = ''
  for await (const chunk of child.stdout) {
    welcome += chunk
    if (welcome.includes('Accounts:')) break
  }
  const settings = Object.fromEntries([...welcome.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]))
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
    stop: async () => {
      child.kill('SIGTERM')
      await closed
    },
  }
}

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The gateway as `npm start` runs it, over its sandbox, on a free port. */
export interface Gateway {
  /** `http://127.0.0.1:49152/graphql`. */
  readonly url: string
  /** An account of the embedded sandbox that has 200 links; empty where SINGAPAY_BASE_URL names another upstream. */
  readonly accountId: string
  stop(): Promise<void>
}

/** Starts the built gateway (`npm run build` in the folder above) as a process of its own. */
export async function startGateway(env: Readonly<Record<string, string>> = {}): Promise<Gateway> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'] ?? '', SINGAPAY_BASE_URL: 'sandbox', PORT: '0', LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  const output = new Promise<string>((resolve, reject) => {
    let text = ''
    const read = (chunk: Buffer): void => {
      text += chunk
      if (WELCOME.test(text)) resolve(text)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('close', () => reject(new Error(`The gateway did not start:\n${text}`)))
  })
  const [, sandboxed, accountId = '', elsewhere = ''] = WELCOME.exec(await output) ?? []
  return {
    url: sandboxed ?? elsewhere,
    accountId,
    stop: async () => {
      child.kill('SIGTERM')
      await closed
    },
  }
}

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

const WELCOME = /Address\s+(\S+)\s+Account id\s+(\w+)|as GraphQL: (\S+)\n/

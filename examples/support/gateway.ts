import { startProgram } from './program.js'

/** The gateway as `npm start` runs it, on its sandbox and a free port. */
export interface Gateway {
  /** `http://127.0.0.1:49152/graphql`. */
  readonly url: string
  /** An account of the embedded sandbox with 200 links; empty if SINGAPAY_BASE_URL names another upstream. */
  readonly accountId: string
  stop(): Promise<void>
}

/** Starts the built gateway (`npm run build` in the folder above) in its own process. */
export async function startGateway(env: Readonly<Record<string, string>> = {}): Promise<Gateway> {
  const { found, stop } = await startProgram({
    env: { SINGAPAY_BASE_URL: 'sandbox', PORT: '0', LOG_LEVEL: 'silent', ...env },
    ready: /Address\s+(\S+)\s+Account id\s+(\w+)|as GraphQL: (\S+)\n/,
  })
  const [, sandboxed, accountId = '', elsewhere = ''] = found
  return { url: sandboxed ?? elsewhere, accountId, stop }
}

import { parseArgs } from 'node:util'
import { type RunningApp, settingsProbes, startApp } from './app.js'
import { isLoopback } from './config/kinds.js'
import { loadSettings } from './config/load.js'
import type { Settings } from './config/resolved-settings.js'
import { sandboxResources } from './resources/index.js'
import { type Sandbox, startSandbox } from './sandbox/server.js'

/** `EX_CONFIG` of sysexits.h: a configuration error. */
const EXIT_CONFIG = 78
const EXIT_USAGE = 64
const SANDBOX_PORT = 4010
const USAGE = `Usage:
  node dist/main.js                        serve the gateway (settings: docs/configuration.md)
  node dist/main.js sandbox [--port ${SANDBOX_PORT}]  serve the sandbox alone`

await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<void> {
  const command = parseCommand(args)
  if (command === undefined) return failWith(EXIT_USAGE, USAGE)
  const start = command.name === 'sandbox' ? () => serveSandbox(command.port) : serveGateway
  const running = await start().catch((error: unknown) => failWith(1, `The start failed: ${reasonOf(error)}`))
  if (running === undefined) return
  // Before the message is printed: its reader may send a signal at once.
  stopOnSignal(running)
  console.log(running.welcome)
}

interface Running {
  readonly welcome: string
  stop(): Promise<void>
}

async function serveGateway(): Promise<Running | undefined> {
  const loaded = loadSettings(process.env, settingsProbes)
  if (!loaded.ok) return failWith(EXIT_CONFIG, ['The settings are not usable:', ...loaded.problems].join('\n  '))
  const app = await startApp(loaded.settings)
  return { welcome: welcome(app, loaded.settings), stop: () => app.stop() }
}

async function serveSandbox(port: number): Promise<Running> {
  const sandbox = await startSandbox({ resources: sandboxResources, port })
  return { welcome: sandboxWelcome(sandbox), stop: () => sandbox.stop() }
}

/** The first signal stops gracefully; the second exits at once. */
function stopOnSignal({ stop }: { stop(): Promise<void> }): void {
  let isStopping = false
  const onSignal = async (): Promise<void> => {
    if (isStopping) process.exit(1)
    isStopping = true
    await stop()
    process.exit(0)
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

type Command = { readonly name: 'gateway' } | { readonly name: 'sandbox'; readonly port: number }

function parseCommand(args: readonly string[]): Command | undefined {
  if (args.length === 0) return { name: 'gateway' }
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      options: { port: { type: 'string', default: String(SANDBOX_PORT) } },
      allowPositionals: true,
    })
    const isSandbox = positionals.length === 1 && positionals[0] === 'sandbox'
    const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN
    return isSandbox && port <= 65_535 ? { name: 'sandbox', port } : undefined
  } catch {
    return undefined
  }
}

function failWith(exitCode: number, text: string): undefined {
  console.error(text)
  process.exitCode = exitCode
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isListening = 'syscall' in error && (error.syscall === 'listen' || error.syscall === 'getaddrinfo')
  return isListening ? `HOST and PORT: ${error.message}` : error.message
}

function welcome({ url, tryAccountId }: RunningApp, settings: Settings): string {
  // `[::]` means every address and cannot be opened as one.
  const address = `${url.replace('[::]', '[::1]')}/graphql`
  if (tryAccountId === undefined) return `\nPayment links as GraphQL: ${address}\n`
  return `
Payment links as GraphQL, over the embedded sandbox (made-up data):

  Address     ${address}
  Account id  ${tryAccountId}

${[...suggestions(address, tryAccountId, settings), ...realApiHints(settings)].join('\n\n')}
`
}

/** Suggests only requests that these settings accept. */
function suggestions(address: string, accountId: string, settings: Settings): string[] {
  const { graphiql, callers, trustedDocuments } = settings
  const page = graphiql ? ['Open the address in a browser for GraphiQL.'] : []
  if (trustedDocuments?.mode === 'enforce') return [...page, 'Only the operations in TRUSTED_DOCUMENTS are served.']
  if (callers.mode === 'jwt') return [...page, 'Callers send a token (docs/callers.md): authorization: Bearer …']
  if (callers.mode === 'passthrough') {
    return [...page, 'Callers send their API credentials (docs/callers.md): authorization and x-partner-id.']
  }
  const query = `{ paymentLinks(accountId: "${accountId}", first: 3) { totalCount nodes { id title status totalAmount currency } } }`
  const curl = `  curl ${address} -H 'content-type: application/json' \\\n    -d '${JSON.stringify({ query })}'`
  return [...page, 'Try it:', curl]
}

/** Without authentication, the real API may be served on loopback only. */
function realApiHints({ callers, host }: Settings): string[] {
  const isOpen = callers.mode === 'none'
  const mode = isOpen && !isLoopback(host) ? 'passthrough' : callers.mode
  const merchant = ['SINGAPAY_API_KEY=...', 'SINGAPAY_CLIENT_ID=...', 'SINGAPAY_CLIENT_SECRET=...']
  const names = [
    'SINGAPAY_BASE_URL=https://sandbox-payment-b2b.singapay.id',
    ...(mode === 'passthrough' ? [] : merchant),
    ...(isOpen ? [`AUTH_MODE=${mode}`] : []),
  ]
  return [
    'To serve the real API, set these in the environment or in .env (see docs/configuration.md) and start again:',
    names.map((line) => `  ${line}`).join('\n'),
  ]
}

function sandboxWelcome({ url, credentials, accounts }: Sandbox): string {
  return `
The sandbox (made-up data) is at ${url}. To run a gateway in front of it:

  SINGAPAY_BASE_URL=${url}
  SINGAPAY_API_KEY=${credentials.apiKey}
  SINGAPAY_CLIENT_ID=${credentials.clientId}
  SINGAPAY_CLIENT_SECRET=${credentials.clientSecret}
  AUTH_MODE=none

Accounts:

${accounts.map(({ id, name }) => `  ${id}  ${name}`).join('\n')}
`
}

import { parseArgs } from 'node:util'
import { type RunningApp, settingsProbes, startApp } from './app.js'
import { isLoopback } from './config/kinds.js'
import { loadSettings } from './config/load.js'
import type { Settings } from './config/resolved-settings.js'
import { sandboxResources } from './resources/index.js'
import { type Sandbox, startSandbox } from './sandbox/server.js'

/** As sysexits.h has it: something is wrong with the configuration. */
const EXIT_CONFIG = 78
const EXIT_USAGE = 64
const SANDBOX_PORT = 4010
const USAGE = `Usage:
  node dist/main.js                        serve the gateway (settings: docs/configuration.md)
  node dist/main.js sandbox [--port ${SANDBOX_PORT}]  serve the sandbox alone`

await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<void> {
  const command = parseCommand(args)
  if (command === undefined) return giveUp(EXIT_USAGE, USAGE)
  const start = command.name === 'sandbox' ? () => serveSandbox(command.port) : serveGateway
  const running = await start().catch((error: unknown) => giveUp(1, `The start failed: ${reasonOf(error)}`))
  if (running === undefined) return
  // Whoever reads that it runs may stop it at once.
  stopOnSignal(running)
  console.log(running.welcome)
}

interface Running {
  readonly welcome: string
  stop(): Promise<void>
}

async function serveGateway(): Promise<Running | undefined> {
  const loaded = loadSettings(process.env, settingsProbes)
  if (!loaded.ok) return giveUp(EXIT_CONFIG, ['The settings are not usable:', ...loaded.problems].join('\n  '))
  const app = await startApp(loaded.settings)
  return { welcome: welcome(app, loaded.settings), stop: () => app.stop() }
}

async function serveSandbox(port: number): Promise<Running> {
  const sandbox = await startSandbox({ resources: sandboxResources, port })
  return { welcome: sandboxWelcome(sandbox), stop: () => sandbox.stop() }
}

/** The first signal lets what was accepted be answered; the second does not wait for it. */
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

function giveUp(exitCode: number, text: string): undefined {
  console.error(text)
  process.exitCode = exitCode
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isListening = 'syscall' in error && (error.syscall === 'listen' || error.syscall === 'getaddrinfo')
  return isListening ? `HOST and PORT: ${error.message}` : error.message
}

function welcome({ url, tryAccountId }: RunningApp, settings: Settings): string {
  // Every address of the machine: one that it answers to by name is `::1`.
  const address = `${url.replace('[::]', '[::1]')}/graphql`
  if (tryAccountId === undefined) return `\nPayment links as GraphQL: ${address}\n`
  return `
Payment links as GraphQL, over the embedded sandbox (made-up data):

  Address     ${address}
  Account id  ${tryAccountId}

${[...waysIn(address, tryAccountId, settings), ...toTheRealApi(settings)].join('\n\n')}
`
}

/** Nothing that the settings would have refused is printed to be tried. */
function waysIn(address: string, accountId: string, settings: Settings): string[] {
  const { graphiql, callers, trustedDocuments } = settings
  const page = graphiql ? ['Open the address in a browser for GraphiQL.'] : []
  if (trustedDocuments?.mode === 'enforce') return [...page, 'It answers the operations of TRUSTED_DOCUMENTS only.']
  if (callers.mode === 'jwt') return [...page, 'Callers bring a token (docs/callers.md): authorization: Bearer …']
  if (callers.mode === 'passthrough') {
    return [...page, 'Callers bring credentials of the API (docs/callers.md): authorization and x-partner-id.']
  }
  const query = `{ paymentLinks(accountId: "${accountId}", first: 3) { totalCount nodes { id title status totalAmount currency } } }`
  const curl = `  curl ${address} -H 'content-type: application/json' \\\n    -d '${JSON.stringify({ query })}'`
  return [...page, 'Try it:', curl]
}

/** Where nobody is checked, the real API may be served on a loopback address only. */
function toTheRealApi({ callers, host }: Settings): string[] {
  const isOpen = callers.mode === 'none'
  const mode = isOpen && !isLoopback(host) ? 'passthrough' : callers.mode
  const merchant = ['SINGAPAY_API_KEY=...', 'SINGAPAY_CLIENT_ID=...', 'SINGAPAY_CLIENT_SECRET=...']
  const names = [
    'SINGAPAY_BASE_URL=https://sandbox-payment-b2b.singapay.id',
    ...(mode === 'passthrough' ? [] : merchant),
    ...(isOpen ? [`AUTH_MODE=${mode}`] : []),
  ]
  return [
    'To serve the real API, put these into the environment or into .env (see docs/configuration.md) and start again:',
    names.map((line) => `  ${line}`).join('\n'),
  ]
}

function sandboxWelcome({ url, credentials, accounts }: Sandbox): string {
  return `
The sandbox (made-up data) is at ${url}. To put a gateway before it:

  SINGAPAY_BASE_URL=${url}
  SINGAPAY_API_KEY=${credentials.apiKey}
  SINGAPAY_CLIENT_ID=${credentials.clientId}
  SINGAPAY_CLIENT_SECRET=${credentials.clientSecret}
  AUTH_MODE=none

Accounts:

${accounts.map(({ id, name }) => `  ${id}  ${name}`).join('\n')}
`
}

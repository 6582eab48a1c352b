import { parseArgs } from 'node:util'
import { type RunningApp, startApp } from './app.js'
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
  const loaded = loadSettings(process.env)
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
  return error instanceof Error ? error.message : String(error)
}

function welcome({ url, tryAccountId }: RunningApp, { graphiql }: Pick<Settings, 'graphiql'>): string {
  const address = `${url}/graphql`
  if (tryAccountId === undefined) return `\nPayment links as GraphQL: ${address}\n`
  const query = `{ paymentLinks(accountId: "${tryAccountId}", first: 3) { totalCount nodes { id title status totalAmount currency } } }`
  return `
Payment links as GraphQL, over the embedded sandbox (made-up data):

  Address     ${address}
  Account id  ${tryAccountId}

${graphiql ? 'Open the address in a browser for GraphiQL, or try it here:' : 'Try it:'}

  curl ${address} -H 'content-type: application/json' \\
    -d '${JSON.stringify({ query })}'

To serve the real API, put these into the environment or into .env (see docs/configuration.md) and start again:

  SINGAPAY_BASE_URL=https://sandbox-payment-b2b.singapay.id
  SINGAPAY_API_KEY=...
  SINGAPAY_CLIENT_ID=...
  SINGAPAY_CLIENT_SECRET=...
  AUTH_MODE=none
`
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

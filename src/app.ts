import { type Admit, createAdmission } from './admission/admission.js'
import { readTrustedDocuments } from './admission/trusted-documents.js'
import { readTrustedOperations } from './admission/trusted-operations.js'
import type { Probes } from './config/load.js'
import type { Settings } from './config/resolved-settings.js'
import { buildServedSchema, servedPricing } from './graphql/schema/served-schema.js'
import { AppScope, type Limits } from './graphql/scope.js'
import { createBackground } from './kernel/background.js'
import { type Clock, systemClock } from './kernel/clock.js'
import { resources, sandboxResources } from './resources/index.js'
import { type Sandbox, startSandbox } from './sandbox/server.js'
import { createCallers } from './server/callers/callers.js'
import type { ExplorerSample } from './server/explorer/config.js'
import { type Explorer, isExplorerBuilt, readExplorer } from './server/explorer/page.js'
import { type ServerOptions, startServer } from './server/server.js'
import { createLogger, type Logger } from './telemetry/logger.js'
import { createUpstream, type UpstreamOptions } from './upstream/send.js'

export interface AppOverrides {
  /** Defaults to the system clock. */
  readonly clock?: Clock
  /** Defaults to pino on standard output at the level of the settings. */
  readonly logger?: Logger
}

export interface RunningApp {
  /** `http://127.0.0.1:4000`; GraphQL is at `/graphql`. */
  readonly url: string
  /** An account with links, when the embedded sandbox is the upstream. */
  readonly tryAccountId?: string | undefined
  /** Finishes accepted requests and writes in progress, then stops every part. */
  stop(): Promise<void>
}

/** Checks what settings point at, so that the start reports it together with every other problem. */
export const settingsProbes: Probes = {
  trustedDocuments: (folder) => readTrustedOperations(folder, buildServedSchema(resources)).problems,
  graphiql: (isOn) => (isOn && !isExplorerBuilt() ? ['the page is not built; expected `npm run build`, or "off"'] : []),
}

/** Starts the gateway. Resolves once it listens; when it cannot, rejects with nothing left running. */
export async function startApp(settings: Settings, overrides: AppOverrides = {}): Promise<RunningApp> {
  const { clock = systemClock, logger = createLogger(settings.logLevel) } = overrides
  const sandbox = settings.upstream.kind === 'sandbox' ? await startSandbox({ resources: sandboxResources }) : undefined
  const upstream = createUpstream({ ...upstreamOptions(settings, sandbox), clock, logger })
  const background = createBackground()
  const stopParts = async (): Promise<void> => {
    await background.settled()
    await upstream.stop()
    await sandbox?.stop()
  }
  try {
    const { send, findCached } = upstream
    const app = new AppScope({ send, findCached, clock, logger, limits: limitsOf(settings), background })
    const server = await startServer({ ...serverOptions(settings, app), explorer: explorerOf(settings, sandbox) })
    return {
      url: server.url,
      tryAccountId: sandbox?.accounts[0]?.id,
      stop: async () => {
        await server.stop()
        await stopParts()
      },
    }
  } catch (error) {
    await stopParts()
    throw error
  }
}

function upstreamOptions(settings: Settings, sandbox: Sandbox | undefined): Omit<UpstreamOptions, 'clock' | 'logger'> {
  const { upstream, tokenVersion, upstreamTimeoutMs, upstreamMaxConcurrency, cacheTtlMs } = settings
  return {
    ...connectionTo(upstream, sandbox),
    tokenVersion,
    attemptTimeoutMs: upstreamTimeoutMs,
    maxConcurrency: upstreamMaxConcurrency,
    cacheTtlMs,
  }
}

function connectionTo(
  upstream: Settings['upstream'],
  sandbox: Sandbox | undefined,
): Pick<UpstreamOptions, 'baseUrl' | 'credentials'> {
  if (upstream.kind === 'origin') return { baseUrl: upstream.origin, credentials: upstream.credentials }
  if (sandbox === undefined) throw new Error('The settings ask for the sandbox, but none runs')
  return { baseUrl: sandbox.url, credentials: sandbox.credentials }
}

function limitsOf(settings: Settings): Limits {
  const { upstreamTimeoutMs, requestTimeoutMs, maxKeys, maxUpstreamCalls, maxMetadataBytes } = settings
  return { upstreamTimeoutMs, requestTimeoutMs, maxKeys, maxUpstreamCalls, maxMetadataBytes }
}

function serverOptions(settings: Settings, app: AppScope): ServerOptions {
  const { host, port, introspection, maxBodyBytes, rateLimitPerMinute, corsOrigins, callers, upstream } = settings
  const schema = buildServedSchema(resources)
  return {
    schema,
    admission: admissionTo(schema, settings, app.services.logger),
    app,
    callers: createCallers(callers, app.services),
    host,
    port,
    introspection,
    maxBodyBytes,
    rateLimitPerMinute,
    corsOrigins,
    localNamesOnly: callers.mode === 'none',
    fromSandbox: upstream.kind === 'sandbox',
  }
}

function explorerOf(settings: Settings, sandbox: EmbeddedSandbox | undefined): Explorer | undefined {
  const { graphiql, introspection, callers } = settings
  if (!graphiql) return undefined
  return readExplorer({ authMode: callers.mode, introspection, sample: sandbox && sampleOf(sandbox) })
}

type EmbeddedSandbox = Sandbox<typeof sandboxResources>

function sampleOf({ accounts, linksOf }: EmbeddedSandbox): ExplorerSample | undefined {
  const accountIds = accounts.map(({ id }) => id)
  const link = linksOf(accountIds[0] ?? '').find(({ currentUsage }) => currentUsage > 1)
  return link && { accountIds, linkId: String(link.id) }
}

function admissionTo(schema: ServerOptions['schema'], settings: Settings, logger: Logger): Admit {
  const { introspection, trustedDocuments } = settings
  const trusted = trustedDocuments && readTrustedDocuments(trustedDocuments, schema, logger)
  return createAdmission({ schema, pricing: servedPricing(resources), limits: settings, introspection, trusted })
}

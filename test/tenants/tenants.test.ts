import { afterEach, describe, expect, it } from 'vitest'
import { createAdmission } from '../../src/admission/admission.js'
import { buildServedSchema, servedPricing } from '../../src/graphql/schema/served-schema.js'
import { AppScope } from '../../src/graphql/scope.js'
import { createBackground } from '../../src/kernel/background.js'
import { systemClock } from '../../src/kernel/clock.js'
import { resources } from '../../src/resources/index.js'
import { type Callers, createCallers } from '../../src/server/callers/callers.js'
import { startServer } from '../../src/server/server.js'
import { createLogger } from '../../src/telemetry/logger.js'
import { createUpstream } from '../../src/upstream/send.js'
import { startGatewayOver } from '../support/gateway.js'
import { OPERATION_LIMITS } from '../support/operation-limits.js'
import { runTenants } from './tenant-run.js'
import { startTenantUpstream, type TenantUpstream } from './tenant-upstream.js'

/** `npm run tenants` runs the full size; by default it is scaled down to the time a test may take. */
const IS_FULL = process.env['TENANTS'] === 'whole'
const TENANTS = IS_FULL ? 1_000 : 40
const REQUESTS = IS_FULL ? 100_000 : 2_000
const SEED = 20_260_508
const TIMEOUT_MS = IS_FULL ? 3_600_000 : 60_000

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function tenantUpstream(tenants: number): Promise<TenantUpstream> {
  const upstream = await startTenantUpstream(tenants)
  stops.push(() => upstream.stop())
  return upstream
}

describe('tenants with their own credentials', () => {
  it(
    `never shows one tenant another's data: ${TENANTS} tenants, ${REQUESTS} requests, caches on`,
    async () => {
      const upstream = await tenantUpstream(TENANTS)
      // Generous, because the result must not depend on how fast the machine is.
      const times = { UPSTREAM_TIMEOUT_MS: '20000', REQUEST_TIMEOUT_MS: '120000' }
      const env = { AUTH_MODE: 'passthrough', CACHE_TTL_MS: '2000', ...times }
      const gateway = await startGatewayOver(upstream.url, env)
      stops.push(() => gateway.stop())
      const results = await runTenants({ url: gateway.url, tenants: TENANTS, requests: REQUESTS, seed: SEED })
      if (IS_FULL) process.stdout.write(`${summaryOf(results, upstream.calls())}\n`)
      expect(results.failures).toEqual([])
      expect(results.leaks).toBe(0)
      // Otherwise nothing was shared, and the test proves nothing.
      expect(upstream.calls()).toBeLessThan(results.requests)
    },
    TIMEOUT_MS,
  )

  it('detects leaks when a tenant is identified by a part of its credentials, or by nothing', async () => {
    const upstream = await tenantUpstream(20)
    const settings = { mode: 'passthrough' } as const
    const callers = createCallers(settings, { clock: systemClock, logger: createLogger('silent') })
    const holes: Callers[] = [
      async (request) => ({ ...(await callers(request)), credential: String(request.headers.authorization) }),
      async (request) => ({ ...(await callers(request)), credential: String(request.headers['x-partner-id']) }),
      async (request) => ({ ...(await callers(request)), credential: 'merchant' }),
    ]
    for (const hole of holes) {
      const url = await startWith(hole, upstream)
      expect((await runTenants({ url, tenants: 20, requests: 400, seed: SEED })).leaks).toBeGreaterThan(0)
    }
  })
})

/** The gateway with a different way of identifying callers. */
async function startWith(callers: Callers, { url: baseUrl }: TenantUpstream): Promise<string> {
  const logger = createLogger('silent')
  const clock = systemClock
  const upstream = createUpstream({
    baseUrl,
    credentials: undefined,
    tokenVersion: '1.1',
    attemptTimeoutMs: 5_000,
    maxConcurrency: 64,
    cacheTtlMs: 2_000,
    clock,
    logger,
  })
  const limits = {
    upstreamTimeoutMs: 5_000,
    requestTimeoutMs: 10_000,
    maxKeys: 100,
    maxUpstreamCalls: 200,
    maxMetadataBytes: 1_000,
  }
  const schema = buildServedSchema(resources)
  const server = await startServer({
    schema,
    admission: createAdmission({
      schema,
      pricing: servedPricing(resources),
      limits: OPERATION_LIMITS,
      introspection: true,
    }),
    app: new AppScope({
      send: upstream.send,
      findCached: upstream.findCached,
      clock,
      logger,
      limits,
      background: createBackground(),
    }),
    callers,
    host: '127.0.0.1',
    port: 0,
    introspection: true,
    maxBodyBytes: 10_000,
    corsOrigins: [],
    localNamesOnly: false,
    fromSandbox: false,
  })
  stops.push(
    () => upstream.stop(),
    () => server.stop(),
  )
  return `${server.url}/graphql`
}

function summaryOf({ requests, seconds, leaks }: Awaited<ReturnType<typeof runTenants>>, calls: number): string {
  const rate = Math.round(requests / seconds)
  return `${TENANTS} tenants, ${requests} requests in ${seconds.toFixed(1)} s (${rate} a second), ${calls} upstream calls, ${leaks} leaks`
}

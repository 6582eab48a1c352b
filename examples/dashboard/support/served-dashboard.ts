import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { preview } from 'vite'
import { type Gateway, startGateway } from '../../support/gateway.js'
import { type Sandbox, startSandbox } from '../../support/sandbox.js'

/** The dashboard as it would be deployed: built, on its own origin, which the gateway's CORS_ORIGINS allow. */
export interface ServedDashboard {
  readonly url: string
  readonly gateway: Gateway
  readonly sandbox: Sandbox
  stop(): Promise<void>
}

/** @param accountIds by default, `ACCOUNT_IDS` of config.ts */
export async function serveDashboard(accountIds?: readonly string[]): Promise<ServedDashboard> {
  const outDir = await mkdtemp(join(tmpdir(), 'dashboard-'))
  // The server starts first, because the gateway must know its origin. The page is built last, because it must know the gateway's URL.
  const server = await preview({
    root: ROOT,
    configFile: false,
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0 },
  })
  const url = new URL(server.resolvedUrls?.local[0] ?? '').origin
  const sandbox = await startSandbox()
  // Without a cache, because the tests change the upstream behind the gateway's back.
  const gateway = await startGateway({ ...sandbox.settings, CORS_ORIGINS: url, CACHE_TTL_MS: '0' })
  await buildPage(outDir, gateway, accountIds)
  return {
    url,
    gateway,
    sandbox,
    stop: async () => {
      await Promise.all([server.close(), gateway.stop()])
      await sandbox.stop()
      await rm(outDir, { recursive: true })
    },
  }
}

/** Runs Vite's command in its own process, because Vitest has configured this one for development builds. */
async function buildPage(outDir: string, gateway: Gateway, accountIds?: readonly string[]): Promise<void> {
  const env = {
    PATH: process.env['PATH'],
    VITE_GATEWAY_URL: gateway.url,
    ...(accountIds && { VITE_ACCOUNT_IDS: accountIds.join(',') }),
  }
  await promisify(execFile)(process.execPath, [VITE, 'build', ROOT, '--outDir', outDir, '--emptyOutDir'], { env })
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const VITE = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url))

// `npm start`: builds what is missing or stale, loads the environment, and serves in this process.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildStale, GATEWAY, PAGE, ROOT } from './build.mjs'

const code = await buildStale(GATEWAY, PAGE)
if (code !== 0) process.exit(code)

if (!process.argv.includes('--build-only')) {
  const dotEnv = join(ROOT, '.env')
  // Variables that are already set take precedence over the file.
  if (existsSync(dotEnv)) process.loadEnvFile(dotEnv)
  // Only here, and only if nothing suggests the real API: a missing variable must not make the gateway serve sample data.
  const credentials = ['SINGAPAY_API_KEY', 'SINGAPAY_CLIENT_ID', 'SINGAPAY_CLIENT_SECRET']
  if (credentials.every((name) => !process.env[name])) process.env.SINGAPAY_BASE_URL ||= 'sandbox'
  await import('../dist/main.js')
}

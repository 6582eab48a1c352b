// `npm start`: builds what is missing or stale, fills the environment in, and serves in this very process.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildStale, GATEWAY, PAGE, ROOT } from './build.mjs'

const code = await buildStale(GATEWAY, PAGE)
if (code !== 0) process.exit(code)

if (!process.argv.includes('--build-only')) {
  const dotEnv = join(ROOT, '.env')
  // What is set already wins over the file.
  if (existsSync(dotEnv)) process.loadEnvFile(dotEnv)
  // Only here: a bare `node dist/main.js` that lost the variable must not serve made-up money.
  process.env.SINGAPAY_BASE_URL ||= 'sandbox'
  await import('../dist/main.js')
}

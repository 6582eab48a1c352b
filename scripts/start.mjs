// `npm start`: builds what is missing or stale, fills the environment in, and serves in this very process.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const stampFile = join(dist, '.stamp')
const dotEnv = join(root, '.env')

const stamp = stampOfSources()
const builtFrom = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : undefined
if (builtFrom !== stamp) build()

if (!process.argv.includes('--build-only')) {
  // What is set already wins over the file.
  if (existsSync(dotEnv)) process.loadEnvFile(dotEnv)
  // Only here: a bare `node dist/main.js` that lost the variable must not serve made-up money.
  process.env.SINGAPAY_BASE_URL ||= 'sandbox'
  await import('../dist/main.js')
}

function stampOfSources() {
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  const settings = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json'].map((name) => join(root, name))
  const hash = createHash('sha256')
  for (const file of [...settings, ...sources.sort()]) {
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update('\0')
  }
  return hash.digest('hex')
}

function build() {
  console.log('Building …')
  rmSync(dist, { recursive: true, force: true })
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
  writeFileSync(stampFile, stamp)
}

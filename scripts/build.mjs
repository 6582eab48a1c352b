// The parts of the build. A part is built only if its own sources changed; stale parts are built in parallel.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** The server and the sandbox: from src/ to dist/. */
export const GATEWAY = {
  sources: ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'src'],
  stamp: 'dist/.stamp',
  command: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  /** Removes compiled modules whose source may be gone, but keeps the page. */
  clean: () => {
    for (const name of readdirSync(join(ROOT, 'dist'))) if (name !== 'explorer') remove(`dist/${name}`)
  },
}

/** The GraphiQL page: from explorer/ and the operations it shows to dist/explorer/. */
export const PAGE = {
  sources: ['package-lock.json', 'tsconfig.json', 'explorer', 'schema/operations'],
  stamp: 'dist/explorer/.stamp',
  command: ['node_modules/vite/bin/vite.js', 'build', 'explorer'],
  clean: () => remove('dist/explorer'),
}

/** Builds the parts whose sources changed. Returns the exit code of one that failed, otherwise 0. */
export async function buildStale(...parts) {
  const stale = parts.map((part) => ({ part, stamp: stampOf(part) })).filter(({ part, stamp }) => built(part) !== stamp)
  if (stale.length === 0) return 0
  console.log('Building …')
  mkdirSync(join(ROOT, 'dist'), { recursive: true })
  const codes = await Promise.all(stale.map(({ part, stamp }) => build(part, stamp)))
  return codes.find((code) => code !== 0) ?? 0
}

async function build(part, stamp) {
  part.clean()
  const child = spawn(process.execPath, part.command, { cwd: ROOT, stdio: 'inherit' })
  const [code] = await once(child, 'close')
  if (code !== 0) return code ?? 1
  mkdirSync(dirname(join(ROOT, part.stamp)), { recursive: true })
  writeFileSync(join(ROOT, part.stamp), stamp)
  return 0
}

function built({ stamp }) {
  const file = join(ROOT, stamp)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function stampOf({ sources }) {
  const hash = createHash('sha256')
  for (const path of sources.flatMap(filesOf).sort()) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(ROOT, path)))
      .update('\0')
  }
  return hash.digest('hex')
}

function filesOf(path) {
  if (!statSync(join(ROOT, path)).isDirectory()) return [path]
  return readdirSync(join(ROOT, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(ROOT.length))
}

function remove(path) {
  rmSync(join(ROOT, path), { recursive: true, force: true })
}

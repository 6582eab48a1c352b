// Run this after `npm install` against a registry that does not carry the native packages of every platform: npm leaves those out
// of the lockfile, and `npm ci` then rejects it. Adds every package that the lockfile's own `optionalDependencies` name, with the
// platform derived from the name, so the lockfile works on every platform. Takes the path of a lockfile; by default the root's.
import { readFileSync, writeFileSync } from 'node:fs'

const file = process.argv[2] ?? new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))

const CPUS = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 'loong64', 's390x', 'wasm32']
const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']

for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isHere(path, name)) continue
    lock.packages[`node_modules/${name}`] = {
      version: range.replace(/^[~^]/, ''),
      ...platformOf(name),
      ...(entry.dev || path === '' ? { dev: true } : {}),
      optional: true,
    }
    console.log(`added ${name}`)
  }
}

const [root, ...others] = Object.entries(lock.packages)
lock.packages = Object.fromEntries([root, ...others.sort(([a], [b]) => a.localeCompare(b, 'en'))])
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)

function isHere(path, name) {
  const folders = path
    .split('/node_modules/')
    .map((_, index, parts) => parts.slice(0, index + 1).join('/node_modules/'))
  return [...folders.map((folder) => `${folder}/node_modules/${name}`), `node_modules/${name}`].some(
    (candidate) => lock.packages[candidate] !== undefined,
  )
}

function platformOf(name) {
  if (name === 'fsevents') return { os: ['darwin'] }
  const words = name.split(/[/-]/)
  const os = words.filter((word) => SYSTEMS.includes(word))
  const cpu = words.filter((word) => CPUS.includes(word))
  const libc = name.endsWith('musl') ? ['musl'] : /-linux-.*gnu$/.test(name) ? ['glibc'] : []
  if (cpu.length === 0) throw new Error(`Cannot read the platform of ${name}`)
  return { cpu, ...(libc.length > 0 ? { libc } : {}), ...(os.length > 0 ? { os } : {}) }
}

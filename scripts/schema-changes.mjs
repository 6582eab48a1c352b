// `npm run schema:changes`: what the schema changes for clients of the last release; fails on what breaks them.
// `npm run schema:release`: keeps the schema as that of the version in package.json, to be compared with from then on.
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CriticalityLevel, diff } from '@graphql-inspector/core'
import { buildSchema } from 'graphql'

const [task = 'changes', root = fileURLToPath(new URL('..', import.meta.url))] = process.argv.slice(2)
const current = join(root, 'schema/schema.graphql')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const released = readdirSync(join(root, 'schema/releases')).map((name) => name.replace(/\.graphql$/, ''))
const last = released.sort((a, b) => compare(partsOf(a), partsOf(b))).at(-1)

await report()
if (task === 'release' && !process.exitCode) release()

async function report() {
  const changes = await diff(read(pathOf(last)), read(current))
  const [breaking, dangerous] = [CriticalityLevel.Breaking, CriticalityLevel.Dangerous].map((level) =>
    changes.filter(({ criticality }) => criticality.level === level),
  )
  const safe = changes.length - breaking.length - dangerous.length
  console.log(`Since ${last}: ${breaking.length} breaking, ${dangerous.length} dangerous, ${safe} safe changes.`)
  for (const { message } of breaking) console.log(`BREAKING   ${message}`)
  for (const { message, criticality } of dangerous) console.log(`DANGEROUS  ${message} ${criticality.reason ?? ''}`)
  if (breaking.length === 0 || compare(partsOf(version), nextBreaking(last)) >= 0) return
  console.error(
    `This breaks clients of ${last}. Keep the old beside the new and mark it @deprecated; or, if it must go, make the` +
      ` version in package.json ${nextBreaking(last).join('.')} and say in CHANGELOG.md what clients have to do.`,
  )
  process.exitCode = 1
}

function release() {
  if (existsSync(pathOf(version))) {
    console.error(`${version} is released already: raise the version in package.json first.`)
    process.exitCode = 1
    return
  }
  copyFileSync(current, pathOf(version))
  console.log(`Kept as schema/releases/${version}.graphql.`)
}

/** Semantic versioning: before 1.0.0 the second figure tells of breaks. */
function nextBreaking(release) {
  const [major, minor] = partsOf(release)
  return major === 0 ? [0, minor + 1, 0] : [major + 1, 0, 0]
}

function partsOf(text) {
  return text.split('.').map(Number)
}

function compare(a, b) {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}

function pathOf(release) {
  return join(root, 'schema/releases', `${release}.graphql`)
}

function read(path) {
  return buildSchema(readFileSync(path, 'utf8'))
}

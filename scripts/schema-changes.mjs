// `npm run schema:changes`: lists what changed in the schema since the last release; fails on a breaking change.
// `npm run schema:release`: records the schema as that of the version in package.json, for later comparisons.
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
    `This breaks clients of ${last}. Keep the old field next to the new one and mark it @deprecated. If it must go, set the` +
      ` version in package.json to ${nextBreaking(last).join('.')} and say in CHANGELOG.md what clients have to do.`,
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
  console.log(`Recorded as schema/releases/${version}.graphql.`)
}

/** Semantic versioning: before 1.0.0 a breaking change raises the minor version. */
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

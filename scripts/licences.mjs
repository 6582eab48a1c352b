// `npm run licences`: the licence of every package that is shipped: what `dependencies` bring, and what is bundled into the
// GraphiQL page. Fails on one that is not allowed below. The lockfile says what is installed, and under which licence.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Whoever has the gateway may use, change and sell it under each of these. */
const ALLOWED = {
  MIT: 'permissive; the licence of the gateway itself',
  ISC: 'the same in fewer words',
  'BSD-2-Clause': 'permissive; asks for its notice to be kept',
  'BSD-3-Clause': 'the same, and that the authors are not named in advertising',
  'Apache-2.0': 'permissive, with a grant of patents',
  'BlueOak-1.0.0': 'permissive, in plain words',
  '0BSD': 'permissive, without a notice',
  'PSF-2.0': 'permissive; of argparse, which markdown-it, within the page, brings for its command line',
}

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
const shipped = withDependencies([...Object.keys(packages[''].dependencies ?? {}), ...bundled()])
const licences = [...new Set(shipped.map(licenceOf))].sort()
for (const licence of licences) {
  const names = shipped.filter((path) => licenceOf(path) === licence).map(nameOf)
  console.log(
    `${licence} (${names.length})${isAllowed(licence) ? '' : ', NOT ALLOWED'}\n  ${names.sort().join('\n  ')}\n`,
  )
}
console.log(`${shipped.length} packages are shipped.`)
const refused = shipped.filter((path) => !isAllowed(licenceOf(path)))
if (refused.length > 0) {
  const named = refused.map((path) => `${nameOf(path)} (${licenceOf(path)})`).join(', ')
  console.error(
    `Not to be shipped: ${named}. Do without it, or allow its licence in scripts/licences.mjs with the reason.`,
  )
  process.exitCode = 1
}

/** What the page imports: the bundler puts it into the files that are shipped. */
function bundled() {
  const folder = join(root, 'explorer/src')
  const files = existsSync(folder) ? readdirSync(folder) : []
  const texts = files.filter((name) => /\.tsx?$/.test(name)).map((name) => readFileSync(join(folder, name), 'utf8'))
  return texts.flatMap((text) =>
    [...text.matchAll(/^(?:import|export)\b[^'"]*['"]((?:@[^/'"]+\/)?[^./'"][^/'"]*)/gm)].map(([, name]) => name),
  )
}

/** Places in the lockfile of these packages of the project, and of whatever they need. */
function withDependencies(names) {
  const found = new Set()
  const add = (name, from) => {
    const path = placeOf(name, from)
    if (path === undefined || found.has(path)) return
    found.add(path)
    const { dependencies, optionalDependencies, peerDependencies } = packages[path]
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
      add(needed, path)
  }
  for (const name of names) add(name, '')
  return [...found]
}

/** As Node resolves: the nearest `node_modules`. An optional peer may be nowhere. */
function placeOf(name, from) {
  const parents = from
    .split('/node_modules/')
    .map((_, index, parts) => parts.slice(0, parts.length - index).join('/node_modules/'))
  const places = [
    ...parents.filter((parent) => parent !== '').map((parent) => `${parent}/node_modules/${name}`),
    `node_modules/${name}`,
  ]
  return places.find((place) => packages[place] !== undefined)
}

function licenceOf(path) {
  return packages[path].license ?? 'none named'
}

/** `(MIT OR CC0-1.0)`: one of them is enough; `(MIT AND BSD-3-Clause)`: all of them count. */
function isAllowed(licence) {
  const choices = licence.replaceAll(/[()]/g, '').split(' OR ')
  return choices.some((choice) => choice.split(' AND ').every((part) => Object.hasOwn(ALLOWED, part)))
}

function nameOf(path) {
  return `${path.split('node_modules/').at(-1)} ${packages[path].version}`
}

// `npm run licences`: lists the licence of every shipped package: `dependencies` with all that they need, and the packages bundled
// into the GraphiQL page. Fails on a licence that is not allowed below. The lockfile says what is installed, and its licence.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Each of these lets the recipient use, change and sell the gateway. */
const ALLOWED = {
  MIT: 'permissive; the licence of the gateway itself',
  ISC: 'the same in fewer words',
  'BSD-2-Clause': 'permissive; requires that its notice is kept',
  'BSD-3-Clause': "the same, and forbids using the authors' names in advertising",
  'Apache-2.0': 'permissive, with a grant of patents',
  'BlueOak-1.0.0': 'permissive, in plain language',
  '0BSD': 'permissive, without a notice',
  'PSF-2.0': 'permissive; argparse, which markdown-it, part of the page, needs for its command line',
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
  console.error(`Not to be shipped: ${named}. Remove it, or allow its licence in scripts/licences.mjs and say why.`)
  process.exitCode = 1
}

/** The packages that the page imports, which the bundler puts into the shipped files. */
function bundled() {
  const folder = join(root, 'explorer/src')
  const files = existsSync(folder) ? readdirSync(folder) : []
  const texts = files.filter((name) => /\.tsx?$/.test(name)).map((name) => readFileSync(join(folder, name), 'utf8'))
  return texts.flatMap((text) =>
    [...text.matchAll(/^(?:import|export)\b[^'"]*['"]((?:@[^/'"]+\/)?[^./'"][^/'"]*)/gm)].map(([, name]) => name),
  )
}

/** The lockfile paths of the project's packages with these names, and of everything they need. */
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

/** Looks in the nearest `node_modules` first, as Node does. Undefined for an optional peer that is not installed. */
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

/** `(MIT OR CC0-1.0)`: one allowed licence is enough. `(MIT AND BSD-3-Clause)`: all must be allowed. */
function isAllowed(licence) {
  const choices = licence.replaceAll(/[()]/g, '').split(' OR ')
  return choices.some((choice) => choice.split(' AND ').every((part) => Object.hasOwn(ALLOWED, part)))
}

function nameOf(path) {
  return `${path.split('node_modules/').at(-1)} ${packages[path].version}`
}

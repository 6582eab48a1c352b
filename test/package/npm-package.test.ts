import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { type PackedPackage, packPackage, type Resolution } from './packed-package.js'

const PACK_TIMEOUT_MS = 120_000
const COMPILE_TIMEOUT_MS = 60_000
const RUN_TIMEOUT_MS = 60_000

let packed: PackedPackage

beforeAll(async () => {
  packed = await packPackage()
}, PACK_TIMEOUT_MS)
afterAll(() => packed.remove())

describe('the package', () => {
  it('has the build, the schema and the pages that speak of it, and nothing else', () => {
    const tops = new Set(files().map((path) => path.split('/')[0]))
    const pages = ['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md'].filter((name) => existsSync(name))
    expect([...tops].sort()).toEqual([...pages, 'dist', 'package.json', 'schema'])

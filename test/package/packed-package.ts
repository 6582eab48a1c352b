import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'
import manifest from '../../package.json' with { type: 'json' }

/** The package as `npm pack` makes it, in projects of those who use it. */
export interface PackedPackage {
  /** Where a project has it. */
  readonly folder: string
  /** A project that has the package and what it depends on. */
  readonly project: Project
  /** A project that has the package and nothing else. */
  readonly bareProject: Project
  remove(): Promise<void>
}

export interface Project {
  /** What the compiler says of modules, given by file name: `client.ts: Type 'number' is not …`. */
  complaints(modules: Readonly<Record<string, string>>, resolution: Resolution): Promise<string[]>
  /** What the text prints when it runs as a module. */
  run(text: string): Promise<string>
}

export type Resolution = keyof typeof RESOLUTIONS

export async function packPackage(): Promise<PackedPackage> {
  const folder = await mkdtemp(join(tmpdir(), 'packed-'))
  const tarball = await packInto(folder)
  const project = await createProject(join(folder, 'project'), tarball, Object.keys(manifest.dependencies))
  const bareProject = await createProject(join(folder, 'bare'), tarball, [])
  return {
    folder: join(folder, 'project', 'node_modules', manifest.name),
    project,
    bareProject,
    remove: () => rm(folder, { recursive: true }),
  }
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COPIED = readdirSync(ROOT).filter((name) =>
  /^(package\.json|LICENSE|.+\.md|schema|src|test|docs|scripts)$/.test(name),
)
const execute = promisify(execFile)

/** Packs a copy, built apart: tests that build the project itself run at the same time. */
async function packInto(folder: string): Promise<string> {
  const copy = join(folder, 'copy')
  for (const name of COPIED) await cp(join(ROOT, name), join(copy, name), { recursive: true })
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  await execute(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', join(copy, 'dist')], { cwd: ROOT })

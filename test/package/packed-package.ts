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

/** The package as made by `npm pack`, installed in projects that use it. */
export interface PackedPackage {
  /** Where it is installed in `project`. */
  readonly folder: string
  /** A project with the package and its dependencies. */
  readonly project: Project
  /** A project with the package and nothing else. */
  readonly bareProject: Project
  remove(): Promise<void>
}

export interface Project {
  /** Compiler errors for modules, given by file name: `client.ts: Type 'number' is not …`. */
  complaints(modules: Readonly<Record<string, string>>, resolution: Resolution): Promise<string[]>
  /** The output of the text when it runs as a module. */
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

/** Packs a copy with its own build, because other tests build the project at the same time. */
async function packInto(folder: string): Promise<string> {
  const copy = join(folder, 'copy')
  for (const name of COPIED) await cp(join(ROOT, name), join(copy, name), { recursive: true })
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  await execute(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', join(copy, 'dist')], { cwd: ROOT })
  // Built by vitest's global setup, before any test.
  await cp(join(ROOT, 'dist/explorer'), join(copy, 'dist/explorer'), { recursive: true })
  await writeFile(join(copy, 'dist', '.stamp'), 'of a build')
  const { stdout } = await execute('npm', ['pack', '--json', '--ignore-scripts'], { cwd: copy })
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
  return join(copy, filename)
}

/** Installs without a registry: the unpacked tarball, with links to its dependencies. */
async function createProject(folder: string, tarball: string, packages: readonly string[]): Promise<Project> {
  const modules = join(folder, 'node_modules')
  await mkdir(join(modules, manifest.name), { recursive: true })
  await execute('tar', ['-xzf', tarball, '-C', join(modules, manifest.name), '--strip-components=1'])
  for (const name of packages) {
    await mkdir(dirname(join(modules, name)), { recursive: true })
    await symlink(join(ROOT, 'node_modules', name), join(modules, name), 'dir')
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  return {
    complaints: async (texts, resolution) => {
      const files = Object.entries(texts).map(([name, text]) => ({ path: join(folder, name), text }))
      for (const { path, text } of files) await writeFile(path, text)
      return complaintsAbout(
        files.map(({ path }) => path),
        resolution,
      )
    },
    run: async (text) => {
      const { outputText } = ts.transpileModule(text, { compilerOptions: COMPILER_OPTIONS })
      await writeFile(join(folder, 'main.js'), outputText)
      const { stdout } = await execute(process.execPath, ['main.js'], { cwd: folder, timeout: 60_000 })
      return stdout.trim()
    },
  }
}

const RESOLUTIONS = {
  node16: { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
  bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
}

/** As strict as TypeScript gets; the package's own declarations are checked too. */
const COMPILER_OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  skipDefaultLibCheck: true,
  noEmit: true,
}

function complaintsAbout(paths: readonly string[], resolution: Resolution): string[] {
  const program = ts.createProgram(paths, { ...COMPILER_OPTIONS, ...RESOLUTIONS[resolution] })
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    return `${basename(file?.fileName ?? 'project')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
}

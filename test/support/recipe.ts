import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { fencedBlocks } from './markdown.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const STARTED = /Address +(\S+)/

/** Source files by their path below the project's root: `src/resources/refund/refund.wire.ts`. */
export type SourceFiles = ReadonlyMap<string, string>

/**
 * The files that a page adds or changes: new ones in blocks that start with `// src/…`, changes to them or to the project's own
 * files in `diff` blocks that start with `@@ src/…`.
 */
export function sourceFilesOf(page: string): SourceFiles {
  const files = new Map<string, string>()
  for (const { language, text } of fencedBlocks(page)) {
    const [heading = '', path] = /^(?:\/\/|@@) (src\/\S+)\n/.exec(text) ?? []
    if (path === undefined) continue
    const body = text.slice(heading.length)
    const original = (): string => files.get(path) ?? readFileSync(join(ROOT, path), 'utf8')
    files.set(path, language === 'diff' ? applyDiff(body, original(), path) : body)
  }
  return files
}

export function countLines(files: SourceFiles): number {
  return [...files.values()].reduce((sum, text) => sum + text.trimEnd().split('\n').length, 0)
}

/** Each hunk, up to the next `@@`, must fit in one place. */
function applyDiff(diff: string, original: string, path: string): string {
  return diff.split(/^@@\n/m).reduce((text, hunk) => {
    const lines = hunk.split('\n').slice(0, -1)
    const side = (sign: string): string =>
      lines.flatMap((line) => (line.startsWith(sign) ? [] : [`${line.slice(1)}\n`])).join('')
    const [before, after, ...others] = text.split(side('+'))
    if (before === undefined || after === undefined || others.length > 0) {
      throw new Error(`${path}: a hunk must fit in one place:\n${hunk}`)
    }
    return before + side('-') + after
  }, original)
}

/** A copy of the project with files added to it, built by the project's own compiler. */
export class RecipeProject {
  readonly #folder = mkdtempSync(join(tmpdir(), 'recipe-'))
  #gateway: ChildProcess | undefined

  constructor(files: SourceFiles) {
    for (const path of ['src', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'biome.json', '.gitignore']) {
      cpSync(join(ROOT, path), join(this.#folder, path), { recursive: true })
    }
    symlinkSync(join(ROOT, 'node_modules'), join(this.#folder, 'node_modules'))
    for (const [path, text] of files) {
      mkdirSync(dirname(join(this.#folder, path)), { recursive: true })
      writeFileSync(join(this.#folder, path), text)
    }
  }

  /** What a tool of the project says; empty when it finds nothing wrong. */
  async complaintsOf(tool: 'tsc' | 'biome', ...args: readonly string[]): Promise<string> {
    const path = { tsc: 'typescript/bin/tsc', biome: '@biomejs/biome/bin/biome' }[tool]
    const run = promisify(execFile)(process.execPath, [join(ROOT, 'node_modules', path), ...args], {
      cwd: this.#folder,
    })
    return run.then(
      () => '',
      ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`,
    )
  }

  /** Serves the built gateway over its own sandbox. Returns the address of its GraphQL endpoint. */
  async start(): Promise<string> {
    const env = { PATH: process.env['PATH'] ?? '', SINGAPAY_BASE_URL: 'sandbox', PORT: '0', GRAPHIQL: 'off' }
    const gateway = spawn(process.execPath, ['dist/main.js'], {
      cwd: this.#folder,
      env: { ...env, AUTH_MODE: 'none', LOG_LEVEL: 'silent' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#gateway = gateway
    let output = ''
    return new Promise((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        output += chunk
        const url = STARTED.exec(output)?.[1]
        if (url !== undefined) resolve(url)
      }
      gateway.stdout.on('data', read)
      gateway.stderr.on('data', read)
      gateway.once('close', () => reject(new Error(`The gateway of the recipe ended:\n${output}`)))
    })
  }

  async remove(): Promise<void> {
    if (this.#gateway?.exitCode === null) {
      const closed = once(this.#gateway, 'close')
      this.#gateway.kill('SIGKILL')
      await closed
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Program {
  /** What `ready` found in the output. */
  readonly found: RegExpExecArray
  stop(): Promise<void>
}

/** Starts the built gateway, or its sandbox alone, as a process of its own; resolves once it says that it is ready. */
export async function startProgram(options: {
  readonly args?: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly ready: RegExp
}): Promise<Program> {
  const { args = [], env, ready } = options
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  const found = await new Promise<RegExpExecArray>((resolve, reject) => {
    let text = ''
    const read = (chunk: Buffer): void => {
      text += chunk
      const match = ready.exec(text)
      if (match !== null) resolve(match)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('close', () => reject(new Error(`It did not start:\n${text}`)))
  })
  return {
    found,
    stop: async () => {
      child.kill('SIGTERM')
      await closed
    },
  }
}

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

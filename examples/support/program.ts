import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Program {
  /** The match of `ready` in the output. */
  readonly found: RegExpExecArray
  stop(): Promise<void>
}

/** Starts the built gateway, or its sandbox alone, in its own process. Resolves when it reports that it is ready. */
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
    child.once('close', () => reject(new Error(`The gateway did not start:\n${text}`)))
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

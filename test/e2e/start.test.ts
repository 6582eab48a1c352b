import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BUILD_TIMEOUT_MS = 120_000
const STAMPS = ['.stamp', 'explorer/.stamp'].map((path) => new URL(`../../dist/${path}`, import.meta.url))

interface Started {
  readonly child: ChildProcess
  readonly output: () => string
  readonly exited: Promise<number | null>
}

const children: Started[] = []

afterEach(async () => {
  for (const { child, exited } of children.splice(0)) {
    child.kill('SIGKILL')
    await exited
  }
})

/** Runs node in the project's folder with nothing in the environment but what is given. */
function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', ...NO_DOT_ENV, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk))
  child.stderr.on('data', (chunk: Buffer) => (text += chunk))
  const exited = once(child, 'close').then(([code]) => code as number | null)
  const started = { child, output: () => text, exited }
  children.push(started)
  return started
}

/** What a developer's own `.env` must not decide here: a value that is set wins over the file, an empty one is unset. */
const NO_DOT_ENV = {
  SINGAPAY_BASE_URL: '',
  SINGAPAY_API_KEY: '',
  SINGAPAY_CLIENT_ID: '',
  SINGAPAY_CLIENT_SECRET: '',
  AUTH_MODE: '',
  HOST: '',
  PORT: '0',
}

async function printed(started: Started, pattern: RegExp): Promise<string> {
  await expect
    .poll(() => pattern.test(started.output()) || started.child.exitCode !== null, { timeout: 20_000 })
    .toBe(true)
  const found = pattern.exec(started.output())?.[1]
  if (found === undefined) throw new Error(`It ended without printing ${pattern}:\n${started.output()}`)
  return found
}

async function ask(address: string, query: string): Promise<{ headers: Headers; body: unknown }> {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  return { headers: answer.headers, body: await answer.json() }
}

beforeAll(async () => {
  const build = run(['scripts/start.mjs', '--build-only'])
  expect(await build.exited, build.output()).toBe(0)
  children.length = 0
}, BUILD_TIMEOUT_MS)

describe('npm start', () => {
  it('serves the sandbox, prints an address and an account that work, and ends with 0 on SIGTERM', async () => {
    const started = run(['scripts/start.mjs'])
    const address = await printed(started, /Address +(http:\/\/127\.0\.0\.1:\d+\/graphql)\n/)
    const accountId = await printed(started, /Account id +([0-7][0-9A-HJKMNP-TV-Z]{25})\n/)
    const { headers, body } = await ask(
      address,
      `{ paymentLinks(accountId: "${accountId}", first: 2) { nodes { id accountId totalAmount currency } } }`,
    )
    expect(headers.get('x-upstream')).toBe('sandbox')
    const link = {
      id: expect.stringMatching(/^\d+$/),
      accountId,
      totalAmount: expect.stringMatching(/^\d+\.\d\d/),
      currency: 'IDR',
    }
    expect(body).toEqual({ data: { paymentLinks: { nodes: [link, link] } } })
    started.child.kill('SIGTERM')
    expect(await started.exited).toBe(0)
  })

  it('builds nothing the second time', async () => {
    const builtAt = STAMPS.map((stamp) => statSync(stamp).mtimeMs)
    const started = run(['scripts/start.mjs'])
    await printed(started, /Address +(\S+)/)
    expect(started.output()).not.toContain('Building')
    expect(STAMPS.map((stamp) => statSync(stamp).mtimeMs)).toEqual(builtAt)
    started.child.kill('SIGINT')
    expect(await started.exited).toBe(0)
  })

  it('serves a browser the page it was built with, and every file the page names', async () => {
    const started = run(['scripts/start.mjs'])
    const address = await printed(started, /Open the address in a browser[\s\S]*?curl (\S+)/)
    const html = await (await fetch(address, { headers: { accept: 'text/html' } })).text()
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => new URL(path, address).href)
    expect(files.map((file) => file.split('.').at(-1)).sort()).toEqual(expect.arrayContaining(['css', 'js', 'svg']))
    const answers = await Promise.all(files.map((file) => fetch(file)))
    expect(answers.map(({ status }) => status)).toEqual(files.map(() => 200))
    await Promise.all(answers.map((answer) => answer.arrayBuffer()))
  })

  it('says nothing of a browser where the page is off', async () => {
    const started = run(['scripts/start.mjs'], { GRAPHIQL: 'off' })
    await printed(started, /(Try it:)/)
    expect(started.output()).not.toContain('browser')
  })

  it('prints a curl line that can be pasted', async () => {
    const started = run(['scripts/start.mjs'])
    const command = await printed(started, /\n {2}(curl [^\n]+\\\n[^\n]+)\n/)
    const shell = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'ignore'] })
    let answer = ''
    shell.stdout.on('data', (chunk: Buffer) => (answer += chunk))
    const [code] = (await once(shell, 'close')) as [number]
    // 127: this machine has no curl; the query itself is then what is pasted.
    if (code === 127) {
      const payload = JSON.parse(/-d '(.+)'/.exec(command)?.[1] ?? '') as { query: string }
      const address = /curl (\S+)/.exec(command)?.[1] ?? ''
      answer = JSON.stringify((await ask(address, payload.query)).body)
    }
    expect(JSON.parse(answer)).toMatchObject({ data: { paymentLinks: { totalCount: 200, nodes: [{}, {}, {}] } } })
  })
})

describe('node dist/main.js', () => {
  it('does not serve made-up data because a variable was lost: it exits with 78, naming every problem', async () => {
    const started = run(['dist/main.js'], { PORT: 'many', SINGAPAY_CLIENT_SECRET: 'hush hush' })
    expect(await started.exited).toBe(78)
    expect(started.output()).toMatch(
      /PORT: expected .*\n.*SINGAPAY_CLIENT_SECRET: expected .*\n.*SINGAPAY_BASE_URL: is required/,
    )
    expect(started.output()).not.toContain('hush')
  })

  it('runs the sandbox alone, and a gateway before it with what that printed', async () => {
    const sandbox = run(['dist/main.js', 'sandbox', '--port', '0'])
    const names = ['SINGAPAY_BASE_URL', 'SINGAPAY_API_KEY', 'SINGAPAY_CLIENT_ID', 'SINGAPAY_CLIENT_SECRET', 'AUTH_MODE']
    const env: Record<string, string> = {}
    for (const name of names) env[name] = await printed(sandbox, new RegExp(` ${name}=(\\S+)\\n`))
    const accountId = await printed(sandbox, /\n {2}([0-7][0-9A-HJKMNP-TV-Z]{25}) /)
    const gateway = run(['dist/main.js'], env)
    const address = await printed(gateway, /(http:\S+\/graphql)\n/)
    const { headers, body } = await ask(
      address,
      `{ paymentLinks(accountId: "${accountId}", first: 1) { nodes { accountId } } }`,
    )
    expect(headers.has('x-upstream')).toBe(false)
    expect(body).toEqual({ data: { paymentLinks: { nodes: [{ accountId }] } } })
    for (const { child, exited } of [gateway, sandbox]) {
      child.kill('SIGTERM')
      expect(await exited).toBe(0)
    }
  })

  it('says how it is used when asked for something it does not know', async () => {
    const started = run(['dist/main.js', 'serve'])
    expect(await started.exited).toBe(64)
    expect(started.output()).toContain('Usage:')
  })

  it('says why when the port is taken, and exits with 1', async () => {
    const first = run(['scripts/start.mjs'])
    const port = await printed(first, /:(\d+)\/graphql\n/)
    const second = run(['scripts/start.mjs'], { PORT: port })
    expect(await second.exited).toBe(1)
    expect(second.output()).toContain('EADDRINUSE')
  })
})

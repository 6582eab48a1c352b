import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { loadSettings } from '../../src/config/load.js'
import { outputOf } from '../support/documented.js'

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

/** Runs node in the project folder with only the given environment. */
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

/** Overrides a developer's own `.env`: values that are set win over the file, and empty ones count as unset. */
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
  if (found === undefined) throw new Error(`The process ended without printing ${pattern}:\n${started.output()}`)
  return found
}

async function ask(address: string, query: string): Promise<{ headers: Headers; body: unknown }> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  return { headers: response.headers, body: await response.json() }
}

beforeAll(async () => {
  const build = run(['scripts/start.mjs', '--build-only'])
  expect(await build.exited, build.output()).toBe(0)
  children.length = 0
}, BUILD_TIMEOUT_MS)

describe('npm start', () => {
  it('serves the sandbox on npm start, prints an address and an account that work, and exits with 0 on SIGTERM', async () => {
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

  it('builds nothing on the second npm start', async () => {
    const builtAt = STAMPS.map((stamp) => statSync(stamp).mtimeMs)
    const started = run(['scripts/start.mjs'])
    await printed(started, /Address +(\S+)/)
    expect(started.output()).not.toContain('Building')
    expect(STAMPS.map((stamp) => statSync(stamp).mtimeMs)).toEqual(builtAt)
    started.child.kill('SIGINT')
    expect(await started.exited).toBe(0)
  })

  it('serves browsers the page and every file it names', async () => {
    const started = run(['scripts/start.mjs'])
    const address = await printed(started, /Open the address in a browser[\s\S]*?curl (\S+)/)
    const html = await (await fetch(address, { headers: { accept: 'text/html' } })).text()
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => new URL(path, address).href)
    expect(files.map((file) => file.split('.').at(-1)).sort()).toEqual(expect.arrayContaining(['css', 'js', 'svg']))
    const responses = await Promise.all(files.map((file) => fetch(file)))
    expect(responses.map(({ status }) => status)).toEqual(files.map(() => 200))
    await Promise.all(responses.map((response) => response.arrayBuffer()))
  })

  it('does not mention a browser when the page is off', async () => {
    const started = run(['scripts/start.mjs'], { GRAPHIQL: 'off' })
    await printed(started, /(Try it:)/)
    expect(started.output()).not.toContain('browser')
  })
})

/** Settings, and whether a command to try is printed for them. */
const MODES: readonly (readonly [string, Readonly<Record<string, string>>, boolean])[] = [
  ['no settings', {}, true],
  ['GRAPHIQL=off', { GRAPHIQL: 'off' }, true],
  ['INTROSPECTION=off', { INTROSPECTION: 'off' }, true],
  ['GRAPHIQL=off, INTROSPECTION=off', { GRAPHIQL: 'off', INTROSPECTION: 'off' }, true],
  ['HOST=0.0.0.0', { HOST: '0.0.0.0' }, true],
  ['HOST=localhost', { HOST: 'localhost' }, true],
  ['AUTH_MODE=none', { AUTH_MODE: 'none' }, true],
  ['AUTH_MODE=jwt', { AUTH_MODE: 'jwt', JWT_ISSUER: 'i', JWT_AUDIENCE: 'a', JWT_SECRET: 'x'.repeat(32) }, false],
  ['AUTH_MODE=passthrough', { AUTH_MODE: 'passthrough' }, false],
  ['enforced trusted documents', { TRUSTED_DOCUMENTS: 'schema/operations' }, false],
  ['logged trusted documents', { TRUSTED_DOCUMENTS: 'schema/operations', TRUSTED_DOCUMENTS_MODE: 'log' }, true],
]

describe('what npm start suggests', () => {
  it.each(MODES)(
    'suggests commands that work with %s, and valid settings for the real API',
    async (_, env, hasCommand) => {
      const started = run(['scripts/start.mjs'], { LOG_LEVEL: 'silent', ...env })
      const address = await printed(started, /Address +(\S+)\n[\s\S]*start again:[\s\S]*\n$/)
      const commands = [...started.output().matchAll(/^ {2}(curl .*\\\n.*)$/gm)].map(([, command = '']) => command)
      expect(commands).toHaveLength(hasCommand ? 1 : 0)
      for (const command of commands) {
        const response = JSON.parse(await outputOf(command)) as unknown
        expect(response).toMatchObject({ data: { paymentLinks: { totalCount: 200, nodes: [{}, {}, {}] } } })
        expect(response).not.toHaveProperty('errors')
      }
      const page = await fetch(address, { headers: { accept: 'text/html' } })
      await page.arrayBuffer()
      expect([page.status, started.output().includes('browser')]).toEqual(
        env['GRAPHIQL'] === 'off' ? [404, false] : [200, true],
      )
      const lines = [...started.output().matchAll(/^ {2}([A-Z_]+=.+)$/gm)].map(([, line = '']) => line.split('='))
      expect(lines).not.toEqual([])
      expect(loadSettings({ ...env, ...Object.fromEntries(lines) })).toMatchObject({ ok: true })
    },
  )
})

describe('npm start without SINGAPAY_BASE_URL', () => {
  it.each(['SINGAPAY_API_KEY', 'SINGAPAY_CLIENT_ID', 'SINGAPAY_CLIENT_SECRET'])(
    'does not serve made-up data when only %s is set',
    async (name) => {
      const started = run(['scripts/start.mjs'], { [name]: 'given' })
      expect(await started.exited).toBe(78)
      expect(started.output()).toMatch(/^ {2}SINGAPAY_BASE_URL: is required/m)
    },
  )

  it.each(['SINGAPAY_BASEURL', 'SINGAPAY_BASE_URI', 'SINGAPAY_URL', 'singapay_base_url', 'SINGA_PAY_BASE_URL'])(
    'does not serve made-up data when the address is misspelt as %s',
    async (name) => {
      const started = run(['scripts/start.mjs'], { [name]: 'https://user:hush@api.example' })
      expect(await started.exited).toBe(78)
      expect(started.output()).toMatch(
        new RegExp(`^ {2}${name}: is not a setting; expected one of SINGAPAY_BASE_URL, `, 'm'),
      )
      expect(started.output()).not.toContain('hush')
    },
  )

  it('serves made-up data with credentials set only when the sandbox is named', async () => {
    const started = run(['scripts/start.mjs'], { SINGAPAY_BASE_URL: 'sandbox', SINGAPAY_API_KEY: 'given' })
    await printed(started, /(made-up data)/)
  })
})

describe('node dist/main.js', () => {
  it('exits with 78 and every problem when the address is missing', async () => {
    const started = run(['dist/main.js'], { PORT: 'many', SINGAPAY_CLIENT_SECRET: 'hush hush' })
    expect(await started.exited).toBe(78)
    expect(started.output()).toMatch(
      /PORT: expected .*\n.*SINGAPAY_CLIENT_SECRET: expected .*\n.*SINGAPAY_BASE_URL: is required/,
    )
    expect(started.output()).not.toContain('hush')
  })

  it('reports problems with what settings point at together with the others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'operations-'))
    writeFileSync(join(folder, 'a.graphql'), 'query A {')
    writeFileSync(join(folder, 'b.graphql'), 'query B { nothing }')
    const env = { SINGAPAY_BASE_URL: 'sandbox', PORT: 'many', SINGAPAY_BASEURL: 'x' }
    for (const [path, problem] of [
      [folder, /TRUSTED_DOCUMENTS: a\.graphql:1: Syntax Error.*\n {2}TRUSTED_DOCUMENTS: b\.graphql:1: Cannot query/],
      ['no/such/folder', /TRUSTED_DOCUMENTS: ENOENT/],
      ['package.json', /TRUSTED_DOCUMENTS: ENOTDIR/],
      ['docs', /TRUSTED_DOCUMENTS: no \*\.graphql file/],
    ] as const) {
      const started = run(['dist/main.js'], { ...env, TRUSTED_DOCUMENTS: path })
      expect(await started.exited).toBe(78)
      for (const expected of [/PORT: expected/, /SINGAPAY_BASEURL: is not a setting/, problem]) {
        expect(started.output()).toMatch(expected)
      }
    }
    rmSync(folder, { recursive: true })
  })

  it('exits with 78 when the page is on but not built', async () => {
    const home = mkdtempSync(join(tmpdir(), 'built-'))
    cpSync(join(ROOT, 'dist'), join(home, 'dist'), {
      recursive: true,
      filter: (path) => path !== join(ROOT, 'dist', 'explorer'),
    })
    for (const name of ['package.json', 'node_modules', 'schema']) symlinkSync(join(ROOT, name), join(home, name))
    const main = join(home, 'dist', 'main.js')
    const started = run([main], { SINGAPAY_BASE_URL: 'sandbox', PORT: 'many' })
    expect(await started.exited).toBe(78)
    expect(started.output()).toMatch(/PORT: expected.*\n {2}GRAPHIQL: the page is not built; expected/)
    await printed(run([main], { SINGAPAY_BASE_URL: 'sandbox', GRAPHIQL: 'off' }), /(made-up data)/)
    rmSync(home, { recursive: true })
  })

  it('runs the sandbox alone, and a gateway in front of it with the settings it prints', async () => {
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

  it('prints its usage for an unknown command', async () => {
    const started = run(['dist/main.js', 'serve'])
    expect(await started.exited).toBe(64)
    expect(started.output()).toContain('Usage:')
  })

  it('exits with 1 and names HOST and PORT when the address is not available', async () => {
    const started = run(['dist/main.js'], { SINGAPAY_BASE_URL: 'sandbox', HOST: '192.0.2.1' })
    expect(await started.exited).toBe(1)
    expect(started.output()).toMatch(/HOST and PORT: listen EADDRNOTAVAIL/)
  })

  it('exits with 1 and the reason when the port is taken', async () => {
    const first = run(['scripts/start.mjs'])
    const port = await printed(first, /:(\d+)\/graphql\n/)
    const second = run(['scripts/start.mjs'], { PORT: port })
    expect(await second.exited).toBe(1)
    expect(second.output()).toContain('EADDRINUSE')
  })
})

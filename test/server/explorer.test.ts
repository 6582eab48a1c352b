import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readExplorer } from '../../src/server/explorer.js'
import type { ExplorerConfig } from '../../src/server/explorer-config.js'
import { sendRaw, startTinyServer, type TinyServer } from './tiny-server.js'

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
const CONFIG: ExplorerConfig = { authMode: 'none', introspection: true }
const SCRIPT = 'console.log("page")\n'

/** What a build leaves, and beside it what nobody may read. */
function folderWithPage(html: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'explorer-'))
  folders.push(folder)
  mkdirSync(join(folder, 'explorer/assets'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), html)
  writeFileSync(join(folder, 'explorer/assets/index-Ab12.js'), SCRIPT)
  writeFileSync(join(folder, 'secret.txt'), SECRET)
  writeFileSync(join(folder, 'explorer/secret.txt'), SECRET)
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'explorer/assets/.link.txt'))
  return folder
}

const PAGE = '<script type="application/json" id="config">"{{config}}"</script>'
const SECRET = 'not for the page'
const folders: string[] = []
let server: TinyServer

beforeAll(async () => {
  server = await startTinyServer({ server: { explorer: readExplorer(CONFIG, folderWithPage(PAGE)) } })
})
afterAll(async () => {
  await server.stop()
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** The one shape of every answer that is not GraphQL's. */
function refusal(message: RegExp) {
  return {
    errors: [
      {
        message: expect.stringMatching(message),
        extensions: { code: 'BAD_REQUEST', requestId: expect.any(String), retryable: false },
      },
    ],
  }
}

describe('GET /graphql of a browser', () => {
  it('is the page, which runs and reaches nothing but its own origin and cannot be framed', async () => {
    const answer = await fetch(server.graphqlUrl, { headers: BROWSER })
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'x-request-id': expect.any(String),
      vary: expect.stringContaining('Accept'),
    })
    const policy = Object.fromEntries(
      (answer.headers.get('content-security-policy') ?? '').split('; ').map((directive) => {
        const [name = '', ...sources] = directive.split(' ')
        return [name, sources.join(' ')]
      }),
    )
    expect(policy).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'worker-src': "'self'",
      'connect-src': "'self'",
      'style-src': "'self' 'unsafe-inline'",
      'font-src': "'self' data:",
      'img-src': "'self' data:",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    })
    expect(await answer.text()).toBe(PAGE.replace('"{{config}}"', JSON.stringify(CONFIG)))
  })

  it('needs no caller, and is not counted against one', async () => {
    const explorer = readExplorer(CONFIG, folderWithPage(PAGE))
    const callers = () => Promise.reject(new Error('nobody is asked'))
    const strict = await startTinyServer({
      server: { explorer, callers, rateLimitPerMinute: 1, localNamesOnly: false },
    })
    try {
      const answers = [1, 2, 3].map(() => fetch(strict.graphqlUrl, { headers: BROWSER }))
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200])
    } finally {
      await strict.stop()
    }
  })

  it('is GraphQL over HTTP for everyone else', async () => {
    for (const accept of ['*/*', 'application/json', 'application/graphql-response+json, text/html;q=0.9']) {
      const headers = { accept, 'apollo-require-preflight': '1' }
      const answer = await fetch(`${server.graphqlUrl}?query={hello}`, { headers })
      expect([answer.status, await answer.json()]).toEqual([200, { data: { hello: 'world' } }])
      expect(answer.headers.has('content-security-policy')).toBe(false)
    }
  })

  it('is 404 in the one error shape where there is no page', async () => {
    const bare = await startTinyServer()
    try {
      for (const path of ['/graphql', '/graphql?query={hello}', '/explorer/assets/index-Ab12.js']) {
        const answer = await fetch(bare.url + path, { headers: BROWSER })
        expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/json; charset=utf-8'])
        expect(await answer.json()).toEqual(refusal(/^There is no(thing at this| page here)/))
      }
    } finally {
      await bare.stop()
    }
  })

  it('cannot have its script element ended by what it is told', () => {
    const linkId = '</script><script>alert(1)</script>$&'
    const config: ExplorerConfig = { ...CONFIG, sample: { accountIds: [], linkId } }
    const { html } = readExplorer(config, folderWithPage(PAGE))
    expect(html.match(/<\/?script/g)).toEqual(['<script', '</script'])
    expect(JSON.parse(/>(.+)</.exec(html)?.[1] ?? '')).toEqual(config)
  })
})

describe('a browser that asks beside the page', () => {
  const goTo = (path: string) => fetch(server.url + path, { headers: BROWSER, redirect: 'manual' })

  it.each([
    ['/', 'graphql', '/graphql'],
    ['/graphql/', '../graphql', '/graphql'],
    ['/graphql/?query={hello}&x=//evil.example/', '../graphql?query={hello}&x=//evil.example/', '/graphql'],
  ])('is sent there from %s, also where a proxy puts a prefix before both', async (path, location, arrivesAt) => {
    const answer = await goTo(path)
    expect([answer.status, answer.headers.get('location')]).toEqual([302, location])
    expect(answer.headers.get('vary')).toContain('Accept')
    expect(answer.headers.get('cache-control')).toBe('private, no-store')
    expect(new URL(location, `https://shop.example${path}`).pathname).toBe(arrivesAt)
    expect(new URL(location, `https://shop.example/pay${path}`).pathname).toBe(`/pay${arrivesAt}`)
  })

  it.each(['/?query={hello}', '//evil.example/', '/%2fevil.example/'])('is sent nowhere else: %s', async (path) => {
    const location = (await goTo(path)).headers.get('location')
    expect([null, 'graphql']).toContain(location)
  })

  it('is sent nowhere by what wants no page, and nowhere without one', async () => {
    for (const accept of ['*/*', 'application/json']) {
      const answer = await fetch(`${server.url}/`, { headers: { accept }, redirect: 'manual' })
      expect([answer.status, await answer.json()]).toEqual([404, refusal(/^There is nothing at this path/)])
    }
    expect((await fetch(`${server.url}/`, { method: 'POST', headers: BROWSER })).status).toBe(404)
    const bare = await startTinyServer()
    try {
      for (const path of ['/', '/graphql/']) {
        expect((await fetch(bare.url + path, { headers: BROWSER, redirect: 'manual' })).status).toBe(404)
      }
    } finally {
      await bare.stop()
    }
  })
})

describe('what the page loads', () => {
  it('is kept by the browser for good, for its name changes with its content, and has the policy of the page', async () => {
    const answer = await fetch(`${server.url}/explorer/assets/index-Ab12.js`)
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': expect.stringMatching(/^(text|application)\/javascript/),
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': expect.stringContaining("script-src 'self'"),
    })
    expect(await answer.text()).toBe(SCRIPT)
  })

  it.each([
    '/explorer/assets/',
    '/explorer/assets',
    '/explorer/assets/.link.txt',
    '/explorer/assets/nothing-Ab12.js',
    '/secret.txt',
    '/explorer/secret.txt',
    '/explorer/index.html',
    '/explorer/assets/../secret.txt',
    '/explorer/assets/../../secret.txt',
    '/explorer/assets/%2e%2e/secret.txt',
    '/explorer/assets/..%2f..%2fsecret.txt',
    '/explorer/assets/..%5c..%5csecret.txt',
    '/explorer/assets//secret.txt',
    '/explorer/assets/index-Ab12.js/../../secret.txt',
    '/explorer/assets/index-Ab12.js%00.txt',
  ])('is nothing beside it: GET %s', async (path) => {
    const answer = await sendRaw(server.port, `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`)
    expect(answer.body).not.toContain(SECRET)
    expect([404, 400]).toContain(answer.status)
    expect(JSON.parse(answer.body)).toEqual(refusal(/./))
  })
})

describe('a foreign Host', () => {
  it.each(['/', '/graphql', '/graphql/', '/explorer/assets/index-Ab12.js'])(
    'gets 421 from %s while no caller is checked',
    async (path) => {
      const headers = 'host: evil.example\r\naccept: text/html\r\nconnection: close'
      const answer = await sendRaw(server.port, `GET ${path} HTTP/1.1\r\n${headers}\r\n\r\n`)
      expect([answer.status, JSON.parse(answer.body)]).toEqual([421, refusal(/localhost/)])
    },
  )
})

describe('a page that cannot be served', () => {
  it('stops the start, and says how to build it or do without', () => {
    const folder = join(folderWithPage(PAGE), 'nowhere')
    expect(() => readExplorer(CONFIG, folder)).toThrow(/not built: run `npm run build`, or set GRAPHIQL=off/)
  })

  it('stops the start when its settings have no single place', () => {
    for (const html of ['', PAGE + PAGE]) {
      expect(() => readExplorer(CONFIG, folderWithPage(html))).toThrow(/no single place/)
    }
  })
})

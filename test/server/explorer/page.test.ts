import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExplorerConfig } from '../../../src/server/explorer/config.js'
import { readExplorer } from '../../../src/server/explorer/page.js'
import { sendRaw, startTinyServer, type TinyServer } from '../tiny-server.js'

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
const CONFIG: ExplorerConfig = { authMode: 'none', introspection: true }
const SCRIPT = 'console.log("page")\n'

/** The output of a build, next to files that nobody may read. */
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

/** The error body of a response that never reached GraphQL. */
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

describe('the GraphiQL page', () => {
  it('serves browsers a page that is limited to its own origin and cannot be framed', async () => {
    const response = await fetch(server.graphqlUrl, { headers: BROWSER })
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'x-request-id': expect.any(String),
      vary: expect.stringContaining('Accept'),
    })
    const policy = Object.fromEntries(
      (response.headers.get('content-security-policy') ?? '').split('; ').map((directive) => {
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
    expect(await response.text()).toBe(PAGE.replace('"{{config}}"', JSON.stringify(CONFIG)))
  })

  it('serves the page without credentials and outside the rate limit', async () => {
    const explorer = readExplorer(CONFIG, folderWithPage(PAGE))
    const callers = () => Promise.reject(new Error('callers must not be identified'))
    const strict = await startTinyServer({
      server: { explorer, callers, rateLimitPerMinute: 1, localNamesOnly: false },
    })
    try {
      const responses = [1, 2, 3].map(() => fetch(strict.graphqlUrl, { headers: BROWSER }))
      expect((await Promise.all(responses)).map(({ status }) => status)).toEqual([200, 200, 200])
    } finally {
      await strict.stop()
    }
  })

  it('serves GraphQL over HTTP to every other client', async () => {
    for (const accept of ['*/*', 'application/json', 'application/graphql-response+json, text/html;q=0.9']) {
      const headers = { accept, 'apollo-require-preflight': '1' }
      const response = await fetch(`${server.graphqlUrl}?query={hello}`, { headers })
      expect([response.status, await response.json()]).toEqual([200, { data: { hello: 'world' } }])
      expect(response.headers.has('content-security-policy')).toBe(false)
    }
  })

  it('responds 404 in the common error shape when the page is off', async () => {
    const bare = await startTinyServer()
    try {
      for (const path of ['/graphql', '/graphql?query={hello}', '/explorer/assets/index-Ab12.js']) {
        const response = await fetch(bare.url + path, { headers: BROWSER })
        expect([response.status, response.headers.get('content-type')]).toEqual([
          404,
          'application/json; charset=utf-8',
        ])
        expect(await response.json()).toEqual(refusal(/^There is no(thing at this| page here)/))
      }
    } finally {
      await bare.stop()
    }
  })

  it('escapes its configuration, so that it cannot close the script element', () => {
    const linkId = '</script><script>alert(1)</script>$&'
    const config: ExplorerConfig = { ...CONFIG, sample: { accountIds: [], linkId } }
    const { html } = readExplorer(config, folderWithPage(PAGE))
    expect(html.match(/<\/?script/g)).toEqual(['<script', '</script'])
    expect(JSON.parse(/>(.+)</.exec(html)?.[1] ?? '')).toEqual(config)
  })
})

describe('a redirect to the page', () => {
  const goTo = (path: string) => fetch(server.url + path, { headers: BROWSER, redirect: 'manual' })

  it.each([
    ['/', 'graphql', '/graphql'],
    ['/graphql/', '../graphql', '/graphql'],
    ['/graphql/?query={hello}&x=//evil.example/', '../graphql?query={hello}&x=//evil.example/', '/graphql'],
  ])('redirects a browser from %s, also behind a proxy that adds a path prefix', async (path, location, arrivesAt) => {
    const response = await goTo(path)
    expect([response.status, response.headers.get('location')]).toEqual([302, location])
    expect(response.headers.get('vary')).toContain('Accept')
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(new URL(location, `https://shop.example${path}`).pathname).toBe(arrivesAt)
    expect(new URL(location, `https://shop.example/pay${path}`).pathname).toBe(`/pay${arrivesAt}`)
  })

  it.each(['/?query={hello}', '//evil.example/', '/%2fevil.example/'])(
    'never redirects off the page: %s',
    async (path) => {
      const location = (await goTo(path)).headers.get('location')
      expect([null, 'graphql']).toContain(location)
    },
  )

  it('redirects neither other clients nor, without a page, browsers', async () => {
    for (const accept of ['*/*', 'application/json']) {
      const response = await fetch(`${server.url}/`, { headers: { accept }, redirect: 'manual' })
      expect([response.status, await response.json()]).toEqual([404, refusal(/^There is nothing at this path/)])
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

describe('the assets of the page', () => {
  it('serves assets as immutable and with the security headers of the page', async () => {
    const response = await fetch(`${server.url}/explorer/assets/index-Ab12.js`)
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': expect.stringMatching(/^(text|application)\/javascript/),
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': expect.stringContaining("script-src 'self'"),
    })
    expect(await response.text()).toBe(SCRIPT)
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
  ])('serves no file outside the assets: GET %s', async (path) => {
    const response = await sendRaw(server.port, `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`)
    expect(response.body).not.toContain(SECRET)
    expect([404, 400]).toContain(response.status)
    expect(JSON.parse(response.body)).toEqual(refusal(/./))
  })
})

describe('a foreign Host', () => {
  it.each(['/', '/graphql', '/graphql/', '/explorer/assets/index-Ab12.js'])(
    'responds 421 to a foreign Host at %s while callers are not authenticated',
    async (path) => {
      const headers = 'host: evil.example\r\naccept: text/html\r\nconnection: close'
      const response = await sendRaw(server.port, `GET ${path} HTTP/1.1\r\n${headers}\r\n\r\n`)
      expect([response.status, JSON.parse(response.body)]).toEqual([421, refusal(/localhost/)])
    },
  )
})

describe('a page that is not built correctly', () => {
  it('fails at the start, and says how to build the page or turn it off', () => {
    const folder = join(folderWithPage(PAGE), 'nowhere')
    expect(() => readExplorer(CONFIG, folder)).toThrow(/not built: run `npm run build`, or set GRAPHIQL=off/)
  })

  it('fails at the start when the page has no place or several for its configuration', () => {
    for (const html of ['', PAGE + PAGE]) {
      expect(() => readExplorer(CONFIG, folderWithPage(html))).toThrow(/exactly one place/)
    }
  })
})

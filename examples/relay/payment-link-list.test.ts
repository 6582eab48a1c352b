import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { build, type PreviewServer, preview } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeInChromium, launchChromium } from '../../test/support/browser.js'
import { type Gateway, startGateway } from '../support/gateway.js'
import { relayGraphqlTag } from './graphql-tag.vite.js'

describeInChromium('The list in React', () => {
  let outDir: string
  let server: PreviewServer
  let gateway: Gateway
  let browser: Browser

  beforeAll(async () => {
    outDir = await mkdtemp(join(tmpdir(), 'relay-'))
    const root = fileURLToPath(new URL('page', import.meta.url))
    const files = { root, configFile: false, logLevel: 'error', build: { outDir } } as const
    await build({ ...files, plugins: [relayGraphqlTag()] })
    server = await preview({ ...files, preview: { host: '127.0.0.1', port: 0 } })
    gateway = await startGateway({ CORS_ORIGINS: origin() })
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await gateway?.stop()
    await server?.close()
    await rm(outDir, { recursive: true, force: true })
  })

  const origin = () => new URL(server.resolvedUrls?.local[0] ?? '').origin

  it('adds a page to the list at each click, up to the last link', async () => {
    const page = await browser.newPage()
    const problems: string[] = []
    const requests: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
    page.on('request', (request) => request.method() === 'POST' && requests.push(request.url()))
    await page.goto(`${origin()}/?${new URLSearchParams({ url: gateway.url, accountId: gateway.accountId })}`)
    const rows = page.locator('li')
    const more = page.getByRole('button', { name: 'More' })
    for (let shown = 25; shown < 200; shown += 25) {
      await expect.poll(() => rows.count(), { timeout: 10_000 }).toBe(shown)
      await more.click()
    }
    await expect.poll(() => rows.count(), { timeout: 10_000 }).toBe(200)
    expect(await more.count()).toBe(0)
    expect(requests).toHaveLength(8)
    expect(problems).toEqual([])
  })
})

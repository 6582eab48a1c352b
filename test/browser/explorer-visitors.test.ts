import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { BROWSER_TIMEOUT_MS, describeInChromium, launchChromium } from '../support/browser.js'
import { isReady, run, startWithExamples } from './open-explorer.js'

const ACCOUNT = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'

describeInChromium('GraphiQL for whoever comes another way', () => {
  let browser: Browser
  let gateway: Awaited<ReturnType<typeof startWithExamples>>
  beforeAll(async () => {
    gateway = await startWithExamples()
    browser = await launchChromium()
  }, BROWSER_TIMEOUT_MS)
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
  }, BROWSER_TIMEOUT_MS)
  afterAll(async () => {
    await browser?.close()
    await gateway?.stop()
  }, BROWSER_TIMEOUT_MS)

  it('opens and answers in a browser that lets no page store anything', async () => {
    const page = await browser.newPage()
    await page.addInitScript(`Object.defineProperty(window, 'localStorage', {
      get() { throw new DOMException('Access is denied for this document.', 'SecurityError') },
    })`)
    await page.goto(gateway.url)
    await isReady(page)
    expect(await run(page)).toMatchObject({ data: { account: { id: ACCOUNT } } })
  })
})

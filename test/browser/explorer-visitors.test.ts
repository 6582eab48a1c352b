import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { BROWSER_TIMEOUT_MS, describeInChromium, launchChromium } from '../support/browser.js'
import { isReady, openExplorer, run, startWithExamples, textIn } from './open-explorer.js'

const ACCOUNT = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'

describeInChromium('GraphiQL on unusual visits', () => {
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

  it('works in a browser that blocks storage', async () => {
    const page = await browser.newPage()
    await page.addInitScript(`Object.defineProperty(window, 'localStorage', {
      get() { throw new DOMException('Access is denied for this document.', 'SecurityError') },
    })`)
    await page.goto(gateway.url)
    await isReady(page)
    expect(await run(page)).toMatchObject({ data: { account: { id: ACCOUNT } } })
  })

  it('opens an operation from the address in a new tab, and runs it only on request', async () => {
    const query = 'query Linked($id: ID!) { account(id: $id) { id } }'
    const variables = JSON.stringify({ id: ACCOUNT })
    const { page, posted, close } = await openExplorer(browser, linkTo({ query, variables }))
    expect(await textIn(page, 'operation.graphql')).toBe(query)
    expect(posted).toEqual([])
    expect(await run(page)).toEqual({ data: { account: { id: ACCOUNT } } })
    expect(await titles(page)).toEqual(['Linked', ...EXAMPLES])

    await page.goto(linkTo({ query: 'query Other { __typename }' }))
    await isReady(page)
    expect(await run(page)).toEqual({ data: { __typename: 'Query' } })
    expect(await titles(page)).toEqual(['Linked', ...EXAMPLES, 'Other'])
    await close()
  })

  function linkTo(parameters: Readonly<Record<string, string>>): string {
    return `${gateway.url}?${String(new URLSearchParams(parameters))}`
  }
})

const EXAMPLES = ['Account', 'PaymentLinks', 'PaymentLink', 'UpdatePaymentLink', 'AccountsByIds']

async function titles(page: Page): Promise<string[]> {
  const tabs = await page.getByRole('tab').allTextContents()
  return tabs.map((title) => title.replace('close icon', ''))
}

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { BROWSER_TIMEOUT_MS, describeInChromium, launchChromium } from '../support/browser.js'
import {
  eventually,
  isReady,
  type OpenExplorer,
  openExplorer,
  response,
  run,
  startWithExamples,
  stored,
  takeScreenshot,
  textIn,
  type,
  write,
} from './open-explorer.js'

const ACCOUNT = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'

describeInChromium('editing in GraphiQL', () => {
  let browser: Browser
  let gateway: Awaited<ReturnType<typeof startWithExamples>>
  let explorer: OpenExplorer
  let page: Page
  beforeAll(async () => {
    gateway = await startWithExamples()
    browser = await launchChromium()
  }, BROWSER_TIMEOUT_MS)
  beforeEach(async () => {
    explorer = await openExplorer(browser, gateway.url)
    page = explorer.page
  }, BROWSER_TIMEOUT_MS)
  afterEach(async () => {
    expect([...explorer.outside, ...explorer.complaints]).toEqual([])
    await explorer.close()
  }, BROWSER_TIMEOUT_MS)
  afterAll(async () => {
    await browser?.close()
    await gateway?.stop()
  }, BROWSER_TIMEOUT_MS)

  it('completes a field while typing, and shows its description', async () => {
    await page.getByRole('button', { name: 'New tab' }).click()
    await type(page, 'Operation Editor', '{ accountsBy')
    const suggested = page.locator('.suggest-widget').getByText('accountsByIds')
    // The language worker may still be starting when the last letter is typed.
    await eventually(async () => {
      if (!(await suggested.isVisible())) {
        await page.keyboard.press('Backspace')
        await page.keyboard.type('y')
      }
      return suggested.isVisible()
    }, 1_000).toBe(true)
    await takeScreenshot(page, 'completion')
    await page.keyboard.press('Enter')
    await eventually(() => textIn(page, 'operation.graphql')).toMatch(/^\{ accountsByIds/)
    const field = page.locator('.graphiql-query-editor .view-line').getByText('accountsByIds')
    const description = page.locator('.monaco-hover').getByText('Up to 100 accounts')
    await eventually(async () => {
      if (await description.isVisible()) return true
      await page.mouse.move(0, 0)
      await field.hover()
      return false
    }, 1_000).toBe(true)
  })

  it('builds an operation by clicking', async () => {
    await page.getByRole('button', { name: 'New tab' }).click()
    await page.getByRole('button', { name: 'Show GraphiQL Explorer' }).click()
    const pane = page.locator('.graphiql-plugin')
    await pane.getByText('account', { exact: true }).click()
    await pane.getByText('name', { exact: true }).click()
    await takeScreenshot(page, 'clicking')
    await eventually(() => textIn(page, 'operation.graphql')).toMatch(/account\(id: ""\) \{\s+(id\s+)?name\s/)
  })

  it('shows the schema with its descriptions', async () => {
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click()
    const pane = page.locator('.graphiql-plugin')
    await pane.getByText('Query', { exact: true }).click()
    await pane.getByText('paymentLinks', { exact: true }).click()
    await pane.getByText("Links of one account in the upstream's order").waitFor()
    await takeScreenshot(page, 'documentation')
  })

  it('can be used by keyboard alone', async () => {
    const editor = page.locator('.graphiql-query-editor .graphiql-editor')
    const reached: string[] = []
    for (let steps = 0; steps < 40 && !(await hasFocus(editor)); steps += 1) {
      await page.keyboard.press('Tab')
      reached.push(await focusedName(page))
    }
    expect(reached).toEqual(expect.arrayContaining(['Show History', 'Open settings dialog', 'Account']))
    expect(await hasFocus(editor)).toBe(true)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+Enter')
    expect(await response(page)).toMatchObject({ data: { account: { id: ACCOUNT } } })
  })

  it('gives every button, tab and text box an accessible name', async () => {
    await page.getByRole('button', { name: 'Show History' }).click()
    const tree = await page.locator('body').ariaSnapshot()
    expect(tree.match(/- (button|tab) "/g)?.length).toBeGreaterThan(15)
    expect(tree.match(/^.*- (?:button|tab|textbox|link)(?! ")(?:[ :].*)?$/gm)).toBeNull()
  })

  it('sends the headers that were entered, and stores none of them', async () => {
    await page.getByRole('button', { name: 'Headers' }).click()
    await eventually(() => textIn(page, 'request-headers.json')).toMatch(/AUTH_MODE=none/)
    await write(page, 'Headers', '{ "x-request-id": "typed-by-a-person" }')
    await run(page)
    expect(explorer.posted.at(-1)?.headers()['x-request-id']).toBe('typed-by-a-person')
    await eventually(() => stored(page)).toContain('"queries":')
    await page.getByRole('button', { name: 'Show History' }).click()
    await page.getByRole('button', { name: 'Add favorite' }).click()
    await eventually(() => stored(page)).toContain('favorites')
    expect(await stored(page)).not.toContain('typed-by-a-person')
    await page.reload()
    await isReady(page)
    await eventually(() => textIn(page, 'request-headers.json')).toMatch(/AUTH_MODE=none/)
  })

  it('restores the open tab, its variables, the theme and the history after a reload', async () => {
    await page.getByRole('tab', { name: 'PaymentLinks', exact: true }).click()
    await run(page)
    await write(page, 'Variables', `{ "accountId": "${ACCOUNT}", "first": 7 }`)
    await page.getByRole('button', { name: 'Open settings dialog' }).click()
    await page.getByRole('button', { name: 'Dark' }).click()
    await takeScreenshot(page, 'settings')
    await page.keyboard.press('Escape')
    // Stored separately from the variables, and a little later.
    await eventually(() => storedTabs(page)).toContain('"first": 7 }"')
    await page.reload()
    await isReady(page)
    expect(await page.locator('body').getAttribute('class')).toContain('graphiql-dark')
    expect(await page.getByRole('tab').count()).toBe(5)
    expect(await run(page)).toMatchObject({ data: { paymentLinks: { edges: { length: 7 } } } })
    await page.getByRole('button', { name: 'Show History' }).click()
    await page.locator('.graphiql-history-item').getByText('PaymentLinks').first().waitFor()
    await takeScreenshot(page, 'history')
  })

  it('restores an unedited example with its variables after a reload', async () => {
    await page.getByRole('tab', { name: 'UpdatePaymentLink', exact: true }).click()
    await eventually(() => stored(page)).toMatch(/"activeTabIndex":3/)
    await page.reload()
    await isReady(page)
    expect(await page.getByRole('tab').count()).toBe(5)
    expect(await run(page)).toMatchObject({ data: { updatePaymentLink: { userErrors: [{}, {}] } } })
  })
})

function storedTabs(page: Page): Promise<string> {
  return page.evaluate(`localStorage.getItem('graphiql:tabState')?.replaceAll('\\\\', '') ?? ''`)
}

function hasFocus(locator: ReturnType<Page['locator']>): Promise<boolean> {
  return locator.evaluate((element) => element === element.ownerDocument.activeElement)
}

function focusedName(page: Page): Promise<string> {
  return page.locator(':focus').evaluate((element) => element.getAttribute('aria-label') ?? element.textContent ?? '')
}

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BROWSER_TIMEOUT_MS, describeInChromium, launchChromium } from '../support/browser.js'
import { type OpenExplorer, openExplorer, run, startWithExamples, takeScreenshot } from './open-explorer.js'

const ACCOUNT = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'

describeInChromium('GraphiQL on a first visit', () => {
  let browser: Browser
  let gateway: Awaited<ReturnType<typeof startWithExamples>>
  let explorer: OpenExplorer
  beforeAll(async () => {
    gateway = await startWithExamples()
    browser = await launchChromium()
    explorer = await openExplorer(browser, gateway.url)
  }, BROWSER_TIMEOUT_MS)
  afterAll(async () => {
    await browser?.close()
    await gateway?.stop()
  }, BROWSER_TIMEOUT_MS)

  it('has a title, an icon, and an example for every operation', async () => {
    const { page } = explorer
    expect(await page.title()).toBe('Payment links · GraphiQL')
    const icon = await page.locator('link[rel=icon]').getAttribute('href')
    const response = await page.request.get(new URL(icon ?? '', gateway.url).href)
    expect([response.status(), response.headers()['content-type']]).toEqual([200, 'image/svg+xml'])
    const tabs = await page.getByRole('tab').allTextContents()
    expect(tabs.map((title) => title.replace('close icon', ''))).toEqual([
      'Account',
      'PaymentLinks',
      'PaymentLink',
      'UpdatePaymentLink',
      'AccountsByIds',
    ])
  })

  it('returns data with one click', async () => {
    const { page } = explorer
    const link = { id: expect.stringMatching(/^\d+$/), currency: 'IDR' }
    expect(await run(page)).toMatchObject({
      data: { account: { id: ACCOUNT, paymentLinks: { totalCount: 200, nodes: [link, link, link, link, link] } } },
    })
    await page.locator('.graphiql-response').getByText('"totalCount"').waitFor()
    await page.getByText('Payment links').hover()
    await takeScreenshot(page, 'graphiql')
  })

  const linkId = expect.stringMatching(/^\d+$/)
  it.each([
    ['PaymentLinks', { paymentLinks: { totalCount: 200, edges: [{}, {}, {}], pageInfo: { hasNextPage: true } } }],
    ['PaymentLink', { paymentLink: { id: linkId, account: { id: ACCOUNT } } }],
    [
      'UpdatePaymentLink',
      {
        updatePaymentLink: {
          paymentLink: { id: linkId },
          userErrors: [{ code: 'BELOW_CURRENT_USAGE', field: ['maxUsage'] }, { code: 'UNKNOWN_PAYMENT_METHOD' }],
        },
      },
    ],
    ['AccountsByIds', { accountsByIds: [{ id: ACCOUNT }, { name: expect.any(String) }, {}] }],
  ])('runs the example %s unchanged', async (name, data) => {
    const { page } = explorer
    await page.getByRole('tab', { name, exact: true }).click()
    const answered = await run(page)
    expect(answered).toMatchObject({ data })
    expect(answered).not.toHaveProperty('errors')
  })

  it('contacts no host but the gateway, and logs no errors', () => {
    expect(explorer.posted.length).toBe(5)
    expect(explorer.outside).toEqual([])
    expect(explorer.complaints).toEqual([])
  })

  it('follows a dark colour scheme without errors', async () => {
    const dark = await openExplorer(browser, gateway.url, { colorScheme: 'dark' })
    expect(await run(dark.page)).toMatchObject({ data: { account: { id: ACCOUNT } } })
    expect(brightness(await background(dark))).toBeLessThan(80)
    expect(brightness(await background(explorer))).toBeGreaterThan(200)
    expect([...dark.outside, ...dark.complaints]).toEqual([])
    await dark.close()
  })
})

function background({ page }: OpenExplorer): Promise<string> {
  return page.locator('.graphiql-container').evaluate((element) => {
    const body = element.ownerDocument.defaultView
    return body?.getComputedStyle(element).backgroundColor ?? ''
  })
}

/** 0 for black to 255 for white. */
function brightness(colour: string): number {
  const parts = [...colour.matchAll(/[\d.]+/g)].slice(0, 3).map(Number)
  return parts.reduce((sum, part) => sum + part, 0) / parts.length
}

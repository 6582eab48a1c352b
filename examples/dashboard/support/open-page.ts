import type { Browser, Page } from 'playwright-core'
import type { ServedDashboard } from './served-dashboard.js'

export interface OpenPage {
  readonly page: Page
  /** Console errors and warnings, uncaught errors, and requests to any server but the page's and the gateway. */
  readonly problems: string[]
  /** The operations sent so far, oldest first. */
  readonly sent: SentOperation[]
}

export interface SentOperation {
  readonly operationName: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** Opens the dashboard as an English-speaking reader in Jakarta, and waits until every account has loaded. */
export async function openDashboard(browser: Browser, served: ServedDashboard): Promise<OpenPage> {
  const context = await browser.newContext({ timezoneId: 'Asia/Jakarta', locale: 'en-GB' })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const problems: string[] = []
  const sent: SentOperation[] = []
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    const { origin } = new URL(request.url())
    if (origin === new URL(served.gateway.url).origin) sent.push(request.postDataJSON() as SentOperation)
    else if (origin !== served.url && origin !== 'null') problems.push(`request to ${origin}`)
  })
  await page.goto(served.url)
  await settled(page)
  return { page, problems, sent }
}

/** Waits until no account is loading. */
export async function settled(page: Page): Promise<void> {
  await page.locator('section[aria-busy="false"]').first().waitFor()
  await page.locator('section[aria-busy="true"]').first().waitFor({ state: 'detached' })
}

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeInChromium, launchChromium } from '../../test/support/browser.js'
import { askLinks } from './support/ask-gateway.js'
import { type OpenPage, openDashboard, settled } from './support/open-page.js'
import { type ServedDashboard, serveDashboard } from './support/served-dashboard.js'

const COFFEE = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'
const BATIK = '01K7P073Q8RE2A9PQT8Q7MXPN4'
const WITHOUT_LINKS = '01KA0D5F7H9K1N3Q5S7V9X1Z3B'
const UNKNOWN = '00000000000000000000000000'

describeInChromium('The dashboard', () => {
  let served: ServedDashboard
  let browser: Browser
  let open: OpenPage

  beforeAll(async () => {
    served = await serveDashboard([COFFEE, UNKNOWN, BATIK, WITHOUT_LINKS])
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })
  beforeEach(async () => {
    await served.sandbox.control('DELETE', '/faults')
    open = await openDashboard(browser, served)
  })
  afterEach(async () => {
    await open.page.context().close()
    expect(open.problems).toEqual([])
  })

  it('the dashboard is served from another origin than the gateway', () => {
    expect(new URL(served.gateway.url).origin).not.toBe(served.url)
  })

  it('lists the links of several accounts, each under its name', async () => {
    for (const [account, accountId] of [
      ['Kopi Nusantara', COFFEE],
      ['Batik Laras Solo', BATIK],
    ] as const) {
      const links = await askLinks(served.gateway, accountId)
      expect(await titlesOf(open.page, account)).toEqual(links.map(({ title }) => title ?? 'Without a title'))
    }
    expect(await region(open.page, 'Kopi Nusantara').getByText('5 of 200 links').isVisible()).toBe(true)
    expect(await region(open.page, 'Batik Laras Solo').getByText('5 of 47 links').isVisible()).toBe(true)
  })

  it('says when an account has no links yet', async () => {
    expect(await region(open.page, WITHOUT_LINKS).getByText('No links yet.').isVisible()).toBe(true)
  })

  it('shows the error of one account in its place, and all other accounts', async () => {
    const alert = region(open.page, UNKNOWN).getByRole('alert')
    expect(await alert.textContent()).toMatch(/\. Request [\w-]{8,}$/)
    expect(await open.page.getByRole('alert').count()).toBe(1)
    expect(await open.page.getByRole('table').count()).toBe(2)
  })

  it('pages forward and back by cursors', async () => {
    const account = region(open.page, 'Kopi Nusantara')
    const [front, second, third] = await Promise.all(
      [0, 5, 10].map(async (offset) => (await askLinks(served.gateway, COFFEE, offset)).map(titleOf)),
    )
    expect(await account.getByRole('button', { name: 'Previous' }).isDisabled()).toBe(true)
    for (const [button, titles] of [
      ['Next', second],
      ['Next', third],
      ['Previous', second],
      ['Previous', front],
    ] as const) {
      await account.getByRole('button', { name: button }).click()
      await settled(open.page)
      expect(await titlesOf(open.page, 'Kopi Nusantara')).toEqual(titles)
    }
    expect(await account.getByRole('button', { name: 'Previous' }).isDisabled()).toBe(true)
  })

  it('shows every digit of an amount that no float holds', async () => {
    await withRow({ total_amount: '90071992547409931.25' }, async (row) => {
      expect(await row.getByRole('cell').nth(1).textContent()).toMatch(/^Rp\s90,071,992,547,409,931\.25$/)
    })
  })

  it("shows when a link expires in the reader's own time zone", async () => {
    await withRow({ expired_at: '2031-03-14T20:30:00Z' }, async (row) => {
      expect(await row.getByRole('cell').nth(3).textContent()).toBe('15 Mar 2031, 03:30')
    })
  })

  it('does not mix up links of two accounts that have the same id', async () => {
    const [coffee] = await askLinks(served.gateway, COFFEE)
    const [batik] = await askLinks(served.gateway, BATIK)
    await withRow({ id: Number(batik?.id) }, async () => {
      expect((await titlesOf(open.page, 'Kopi Nusantara'))[0]).toBe(coffee?.title)
      expect((await titlesOf(open.page, 'Batik Laras Solo'))[0]).toBe(batik?.title)
    })
  })

  it('shows an unreadable row as unreadable, with its error, among the others', async () => {
    await withRow({ total_amount: 'much' }, async () => {
      const account = region(open.page, 'Kopi Nusantara')
      expect(await account.getByRole('row').nth(1).textContent()).toBe('This link cannot be read.')
      expect(await account.getByRole('row').count()).toBe(6)
      expect(await account.getByRole('alert').count()).toBe(1)
    })
  })

  it('offers a retry when it may help, and then shows the links', async () => {
    await served.sandbox.control('POST', '/faults', { kind: 'empty-503', accountId: BATIK })
    const account = region(open.page, 'Batik Laras Solo')
    await account.getByRole('button', { name: 'Next' }).click()
    const retry = account.getByRole('button', { name: 'Try again' })
    await retry.waitFor()
    await served.sandbox.control('DELETE', '/faults')
    await retry.click()
    await retry.waitFor({ state: 'detached' })
    const links = await askLinks(served.gateway, BATIK, 5)
    expect(await titlesOf(open.page, 'Batik Laras Solo')).toEqual(links.map(titleOf))
  })

  it('says when the gateway cannot be reached, and keeps the links it has', async () => {
    await open.page.route(served.gateway.url, (route) => route.abort())
    const account = region(open.page, 'Batik Laras Solo')
    await account.getByRole('button', { name: 'Next' }).click()
    await account.getByText('The gateway cannot be reached.').waitFor()
    expect(await account.getByRole('button', { name: 'Try again' }).isVisible()).toBe(true)
    expect(await account.getByRole('row').count()).toBe(6)
    expect(open.problems.splice(0)).toEqual(['console: Failed to load resource: net::ERR_FAILED'])
  })

  it('gives every control and every table an accessible name', async () => {
    await region(open.page, 'Kopi Nusantara').getByRole('button', { name: 'Edit' }).first().click()
    const snapshots = await Promise.all(['main', 'dialog'].map((part) => open.page.locator(part).ariaSnapshot()))
    const named = snapshots
      .join('\n')
      .match(/- (button|textbox|combobox|spinbutton|checkbox|table|dialog|region) ".+"/g)
    const nameless = /- (button|textbox|combobox|spinbutton|checkbox|table|dialog|region)( \[|:|$)/gm
    expect(named?.length).toBeGreaterThan(20)
    expect(snapshots.join('\n').match(nameless)).toBeNull()
  })

  /** Loads the page while the newest link of the first account has these fields upstream. */
  async function withRow(set: object, look: (row: ReturnType<Page['getByRole']>) => Promise<void>): Promise<void> {
    const [newest] = await askLinks(served.gateway, COFFEE)
    const raw = `/links/${COFFEE}/${newest?.id}/raw`
    await served.sandbox.control('PUT', raw, { set })
    try {
      await open.page.reload()
      await settled(open.page)
      await look(region(open.page, 'Kopi Nusantara').getByRole('row').nth(1))
    } finally {
      await served.sandbox.control('DELETE', raw)
    }
  }
})

function region(page: Page, name: string) {
  return page.getByRole('region', { name })
}

async function titlesOf(page: Page, account: string): Promise<readonly string[]> {
  const headings = region(page, account).getByRole('rowheader')
  return headings.evaluateAll((cells) => cells.map((cell) => cell.firstChild?.textContent ?? ''))
}

function titleOf({ title }: { readonly title: string | null }): string {
  return title ?? 'Without a title'
}

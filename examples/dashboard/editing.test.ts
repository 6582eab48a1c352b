import type { Browser, Locator } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeInChromium, launchChromium } from '../../test/support/browser.js'
import { askLink, updateBehindThePage } from './support/ask-gateway.js'
import { type OpenPage, openDashboard } from './support/open-page.js'
import { type ServedDashboard, serveDashboard } from './support/served-dashboard.js'

const BATIK = '01K7P073Q8RE2A9PQT8Q7MXPN4'

/** As the sandbox stores it: open, with 3 of 1,000 payments made. */
const LINK = {
  accountId: BATIK,
  status: 'open',
  maxUsage: 1000,
  currentUsage: 3,
  expiredAtMs: Date.UTC(2031, 0, 1),
  redirectUrl: 'https://toko.example.id/terima-kasih',
  requiredCustomerDetail: false,
}

describeInChromium('The form of a link', () => {
  let served: ServedDashboard
  let browser: Browser
  let open: OpenPage
  /** Each test has a link of its own; this is its id. */
  let id: string
  let title: string
  let serial = 100
  let row: Locator
  let dialog: Locator

  beforeAll(async () => {
    served = await serveDashboard([BATIK])
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })
  beforeEach(async () => {
    await served.sandbox.control('DELETE', '/faults')
    await served.sandbox.control('DELETE', '/behaviour')
    serial += 1
    title = `Kain Batik Truntum #${serial}`
    id = String(((await served.sandbox.control('POST', '/links', { ...LINK, title })) as { id: number }).id)
    open = await openDashboard(browser, served)
    row = open.page.getByRole('row').filter({ hasText: title })
    dialog = open.page.getByRole('dialog', { name: title })
    await row.getByRole('button', { name: `Edit ${title}` }).click()
  })
  afterEach(async () => {
    await open.page.context().close()
    expect(open.problems).toEqual([])
  })

  it('saves the link, updates its row without refetching the list, and says so', async () => {
    await dialog.getByLabel('Maximum payments').fill('750')
    await dialog.getByLabel('Status').selectOption('Closed')
    await dialog.getByLabel('Expires').fill('2031-03-15T03:30')
    await dialog.getByLabel('Ask for customer details').check()
    await save()
    await dialog.waitFor({ state: 'detached' })
    expect(await row.getByText('3 of 750').isVisible()).toBe(true)
    expect(await row.getByText('Closed').isVisible()).toBe(true)
    expect(await open.page.getByRole('status').textContent()).toBe(`Saved: ${title}`)
    expect(open.sent.at(-1)?.operationName).toBe('UpdatePaymentLink')
    expect(await askLink(served.gateway, BATIK, id)).toMatchObject({
      status: 'CLOSED',
      maxUsage: 750,
      expiredAt: '2031-03-14T20:30:00.000Z',
      requiredCustomerDetail: true,
    })
  })

  it('sends only the changed fields, with the version that was read', async () => {
    const { version } = await askLink(served.gateway, BATIK, id)
    await dialog.getByLabel('Redirect URL').fill('')
    await dialog.getByLabel('Status').selectOption('Expired')
    await save()
    await dialog.waitFor({ state: 'detached' })
    expect(open.sent.at(-1)?.variables).toEqual({
      input: { accountId: BATIK, id, expectedVersion: version, redirectUrl: null, status: 'EXPIRED' },
    })
  })

  it('shows each user error next to its field, and focuses the first', async () => {
    await dialog.getByLabel('Maximum payments').fill('0')
    await dialog.getByLabel('Redirect URL').fill('ftp://toko.example.id')
    await save()
    await dialog.locator('[aria-invalid="true"]').first().waitFor()
    expect(await errorsByLabel()).toEqual({
      'Maximum payments': 'maxUsage must be from 1 to 1000000, but got: 0.',
      'Redirect URL': 'redirectUrl must be an http or https address without user and password.',
    })
    expect(await dialog.getByLabel('Maximum payments').evaluate((field) => field === document.activeElement)).toBe(true)
    expect(await dialog.getByRole('alert').count()).toBe(0)
  })

  it('shows an error that only the gateway can detect in the same way, and saves once it is fixed', async () => {
    await dialog.getByLabel('Maximum payments').fill('2')
    await save()
    await dialog.locator('[aria-invalid="true"]').waitFor()
    expect(await errorsByLabel()).toEqual({
      'Maximum payments': 'maxUsage must be at least 3, the payments the link already has, but got: 2.',
    })
    await dialog.getByLabel('Maximum payments').fill('3')
    await save()
    await dialog.waitFor({ state: 'detached' })
    expect(await row.getByText('3 of 3').isVisible()).toBe(true)
  })

  it('shows an error that belongs to no field at the top', async () => {
    await served.sandbox.control('DELETE', `/links/${BATIK}/${id}`)
    await dialog.getByLabel('Maximum payments').fill('20')
    await save()
    expect(await dialog.getByRole('alert').textContent()).toBe('The account has no such payment link.')
    expect(await errorsByLabel()).toEqual({})
  })

  it("shows another editor's changes next to the user's own", async () => {
    await meetConflict()
    const cells = dialog.getByRole('row').filter({ has: open.page.getByRole('rowheader') })
    expect(
      await cells.evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent))),
    ).toEqual([
      ['Status', 'Closed', 'Not changed'],
      ['Maximum payments', '500', '20'],
      ['Redirect URL', 'Not changed', 'https://toko.example.id/lunas'],
    ])
    expect(await dialog.getByRole('alert').evaluate((note) => note === document.activeElement)).toBe(true)
    expect(await askLink(served.gateway, BATIK, id)).toMatchObject({ maxUsage: 500, redirectUrl: LINK.redirectUrl })
  })

  it("saves the user's changes over another editor's, and leaves that editor's other changes", async () => {
    await meetConflict()
    await dialog.getByRole('button', { name: 'Save mine' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await row.getByText('3 of 20').isVisible()).toBe(true)
    expect(await askLink(served.gateway, BATIK, id)).toMatchObject({
      status: 'CLOSED',
      maxUsage: 20,
      redirectUrl: 'https://toko.example.id/lunas',
    })
  })

  it("continues from another editor's version when asked to", async () => {
    await meetConflict()
    await dialog.getByRole('button', { name: 'Use theirs' }).click()
    expect(await dialog.getByLabel('Status').inputValue()).toBe('CLOSED')
    expect(await dialog.getByLabel('Maximum payments').inputValue()).toBe('500')
    expect(await dialog.getByLabel('Redirect URL').inputValue()).toBe(LINK.redirectUrl)
    await dialog.getByLabel('Maximum payments').fill('30')
    await save()
    await dialog.waitFor({ state: 'detached' })
    expect(await askLink(served.gateway, BATIK, id)).toMatchObject({ status: 'CLOSED', maxUsage: 30 })
  })

  it('shows the next conflict when someone saves first again', async () => {
    await meetConflict()
    await updateBehindThePage(served.gateway, { accountId: BATIK, id, maxUsage: 600 })
    await dialog.getByRole('button', { name: 'Save mine' }).click()
    await dialog.getByRole('cell', { name: '600' }).waitFor()
    expect(await askLink(served.gateway, BATIK, id)).toMatchObject({ maxUsage: 600 })
  })

  it('saves the rest of a partly applied update without a conflict with itself', async () => {
    await served.sandbox.control('PUT', '/behaviour', { updateMovesOnlyStatus: true })
    await dialog.getByLabel('Status').selectOption('Closed')
    await dialog.getByLabel('Maximum payments').fill('20')
    await save()
    await dialog.locator('[aria-invalid="true"]').waitFor()
    expect(Object.keys(await errorsByLabel())).toEqual(['Maximum payments'])
    await served.sandbox.control('DELETE', '/behaviour')
    await save()
    await dialog.waitFor({ state: 'detached' })
    expect(open.sent.at(-1)?.variables).toMatchObject({ input: { maxUsage: 20 } })
    expect(open.sent.at(-1)?.variables).not.toMatchObject({ input: { status: 'CLOSED' } })
    expect(await askLink(served.gateway, BATIK, id)).toMatchObject({ status: 'CLOSED', maxUsage: 20 })
  })

  it('says when the outcome of saving is unknown, and reloads the link', async () => {
    await served.sandbox.control('POST', '/faults', { kind: 'empty-502', operation: 'update' })
    await dialog.getByLabel('Maximum payments').fill('20')
    await save()
    expect(await dialog.getByRole('alert').textContent()).toContain('We do not know whether your changes were saved.')
    await dialog.getByRole('button', { name: 'Reload' }).click()
    await dialog.getByRole('alert').waitFor({ state: 'detached' })
    expect(await dialog.getByLabel('Maximum payments').inputValue()).toBe('1000')
  })

  it('does not report a lost connection as a failure: after a reload, the saved link is shown', async () => {
    await open.page.route(served.gateway.url, async (route) => {
      await route.fetch()
      await route.abort()
    })
    await dialog.getByLabel('Maximum payments').fill('20')
    await save()
    expect(await dialog.getByRole('alert').textContent()).toContain('We do not know whether your changes were saved.')
    await open.page.unroute(served.gateway.url)
    await dialog.getByRole('button', { name: 'Reload' }).click()
    await dialog.getByRole('alert').waitFor({ state: 'detached' })
    expect(await dialog.getByLabel('Maximum payments').inputValue()).toBe('20')
    expect(open.problems.splice(0)).toEqual(['console: Failed to load resource: net::ERR_FAILED'])
  })

  it('says that nothing was saved when that is certain', async () => {
    await served.sandbox.control('POST', '/faults', { kind: 'empty-503', operation: 'show' })
    await dialog.getByLabel('Maximum payments').fill('20')
    await save()
    expect(await dialog.getByRole('alert').textContent()).toMatch(/^Not saved: /)
    await served.sandbox.control('DELETE', '/faults')
    expect(await askLink(served.gateway, BATIK, id)).toMatchObject({ maxUsage: 1000 })
  })

  it('keeps the form open while it saves, so that the outcome is seen', async () => {
    await served.sandbox.control('POST', '/faults', { kind: 'latency', operation: 'update', ms: 500 })
    await dialog.getByLabel('Maximum payments').fill('20')
    await save()
    await open.page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await open.page.getByRole('status').textContent()).toBe(`Saved: ${title}`)
  })

  it('lets a link be edited with the keyboard alone, and returns the focus', async () => {
    const { keyboard } = open.page
    await keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await keyboard.press('Enter')
    await dialog.waitFor()
    await keyboard.press('Tab')
    await keyboard.type('88')
    await keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    expect(await row.getByText('3 of 88').isVisible()).toBe(true)
    expect(await row.getByRole('button').evaluate((button) => button === document.activeElement)).toBe(true)
  })

  it('sends nothing when editing is cancelled', async () => {
    await dialog.getByLabel('Maximum payments').fill('20')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(open.sent.map(({ operationName }) => operationName)).not.toContain('UpdatePaymentLink')
  })

  /** Someone closes the link and lowers its maximum; the form has another maximum and another redirect URL. */
  async function meetConflict(): Promise<void> {
    await updateBehindThePage(served.gateway, { accountId: BATIK, id, maxUsage: 500, status: 'CLOSED' })
    await dialog.getByLabel('Maximum payments').fill('20')
    await dialog.getByLabel('Redirect URL').fill('https://toko.example.id/lunas')
    await save()
    await dialog.getByText('Someone else saved first.').waitFor()
  }

  async function save(): Promise<void> {
    await dialog.getByRole('button', { name: 'Save' }).click()
  }

  /** The error text of each invalid field, by its label. */
  async function errorsByLabel(): Promise<Record<string, string>> {
    return dialog
      .locator('[aria-invalid="true"]')
      .evaluateAll((fields) =>
        Object.fromEntries(
          (fields as HTMLInputElement[]).map((field) => [
            field.labels?.[0]?.textContent,
            document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent,
          ]),
        ),
      )
  }
})

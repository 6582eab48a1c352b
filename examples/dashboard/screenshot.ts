import { launchChromium } from '../../test/support/browser.js'
import { askLinks, updateBehindThePage } from './support/ask-gateway.js'
import { openDashboard } from './support/open-page.js'
import { serveDashboard } from './support/served-dashboard.js'

const COFFEE = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'

/** The list of the sandbox, and a form that shows a conflict. */
export async function takeScreenshot(path: string): Promise<void> {
  const served = await serveDashboard()
  const browser = await launchChromium()
  try {
    const { page } = await openDashboard(browser, served)
    await page.setViewportSize({ width: 1240, height: 760 })
    const [link] = await askLinks(served.gateway, COFFEE)
    await page.getByRole('button', { name: `Edit ${link?.title}` }).click()
    await updateBehindThePage(served.gateway, { accountId: COFFEE, id: link?.id, status: 'CLOSED', maxUsage: 50 })
    await page.getByLabel('Maximum payments').fill('250')
    await page.getByLabel('Redirect URL').fill('https://toko.example.id/terima-kasih')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Save mine' }).waitFor()
    await page.screenshot({ path })
  } finally {
    await browser.close()
    await served.stop()
  }
}

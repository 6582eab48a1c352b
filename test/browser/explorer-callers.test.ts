import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { AUDIENCE, claims, forge, ISSUER } from '../server/callers/tokens.js'
import { BROWSER_TIMEOUT_MS, describeInChromium, launchChromium } from '../support/browser.js'
import { startTestGateway, type TestGateway } from '../support/gateway.js'
import { type OpenExplorer, openExplorer, run, textIn, write } from './open-explorer.js'

const ACCOUNT = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'
const SECRET = 'a secret of thirty-two bytes or so'
const JWT = { AUTH_MODE: 'jwt', JWT_SECRET: SECRET, JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE }

describeInChromium('GraphiQL without the embedded sandbox', () => {
  let browser: Browser
  const started: TestGateway[] = []
  beforeAll(async () => {
    browser = await launchChromium()
  }, BROWSER_TIMEOUT_MS)
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    for (const gateway of started.splice(0)) await gateway.stop()
  }, BROWSER_TIMEOUT_MS)
  afterAll(() => browser?.close())

  async function open(env: Readonly<Record<string, string>>): Promise<OpenExplorer> {
    const gateway = await startTestGateway({ env })
    started.push(gateway)
    return openExplorer(browser, gateway.url)
  }

  it('leaves ids empty, says what to fill in, and shows what the gateway finds missing', async () => {
    const { page } = await open({})
    expect(await page.content()).not.toContain(ACCOUNT)
    expect(await textIn(page, 'variables.json')).toMatch(
      /^\/\/ Fill in the id of one of your accounts, 26 upper-case characters/,
    )
    expect(await run(page)).toMatchObject({
      errors: [{ message: expect.stringContaining('26 characters'), extensions: { code: 'BAD_USER_INPUT' } }],
    })
    await write(page, 'Variables', `{ "id": "${ACCOUNT}" }`)
    expect(await run(page)).toMatchObject({ data: { account: { id: ACCOUNT } } })
  })

  it('asks for a token, sends no hint as a header, and works with a token', async () => {
    const { page, posted, outside } = await open(JWT)
    expect(await textIn(page, 'request-headers.json')).toContain('{ "Authorization": "Bearer <your token>" }')
    expect(await page.getByLabel('Headers', { exact: true }).textContent()).toContain('AUTH_MODE=jwt')
    await page.getByRole('button', { name: 'Variables' }).click()
    await write(page, 'Variables', `{ "id": "${ACCOUNT}" }`)
    expect(await run(page)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    expect(posted[0]?.headers()).not.toHaveProperty('authorization')

    const token = forge({ alg: 'HS256', typ: 'JWT' }, claims(), { secret: SECRET })
    await page.getByRole('button', { name: 'Headers' }).click()
    await write(page, 'Headers', `{ "Authorization": "Bearer ${token}" }`)
    expect(await run(page)).toMatchObject({ data: { account: { id: ACCOUNT } } })
    expect(outside).toEqual([])
  })

  it('asks for API credentials in passthrough mode', async () => {
    const { page } = await open({ AUTH_MODE: 'passthrough' })
    expect(await textIn(page, 'request-headers.json')).toMatch(/"Authorization": "Bearer <.*"X-PARTNER-ID": "</)
  })

  it('edits and runs operations without fetching the schema when introspection is off', async () => {
    const { page, posted, complaints } = await open({ INTROSPECTION: 'off' })
    await write(page, 'Operation Editor', '{ __typename }')
    expect(await run(page)).toEqual({ data: { __typename: 'Query' } })
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click()
    expect([posted.length, complaints]).toEqual([1, []])
  })
})

import { mkdirSync } from 'node:fs'
import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core'
import { expect } from 'vitest'
import { startGatewayOver, type TestGateway } from '../support/gateway.js'

/** GraphiQL in its own browser context, with its requests and errors. */
export interface OpenExplorer {
  readonly page: Page
  /** Requests it posted, except introspection. */
  readonly posted: readonly Request[]
  /** Requests to any origin but the gateway's. */
  readonly outside: readonly string[]
  /** Console errors, uncaught exceptions, failed requests and violations of the content security policy. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

export type EditorName = 'operation.graphql' | 'variables.json' | 'request-headers.json' | 'response.json'

/** The gateway as started by `npm start`: with the embedded sandbox and filled-in examples. */
export function startWithExamples(env: Readonly<Record<string, string>> = {}): Promise<Omit<TestGateway, 'sandbox'>> {
  return startGatewayOver('sandbox', env)
}

export async function openExplorer(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenExplorer> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 760 }, ...options })
  const page = await context.newPage()
  const { origin } = new URL(url)
  const outside: string[] = []
  const complaints: string[] = []
  const posted: Request[] = []
  context.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== origin) outside.push(request.url())
    if (request.method() === 'POST' && !request.postData()?.includes('IntrospectionQuery')) posted.push(request)
  })
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  context.on('weberror', (broken) => complaints.push(String(broken.error())))
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText
    // Aborted because the page was closed while loading.
    if (reason !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${reason}`)
  })
  await page.exposeFunction('complain', (text: string) => complaints.push(text))
  await page.addInitScript(`addEventListener('securitypolicyviolation', (event) =>
    complain('policy: ' + event.violatedDirective + ' ' + event.blockedURI))`)
  await page.goto(url)
  await isReady(page)
  return { page, posted, outside, complaints, close: () => context.close() }
}

/** Resolves once an operation can be read and run. */
export async function isReady(page: Page): Promise<void> {
  await page.locator('.graphiql-query-editor .view-line').first().waitFor()
  await page.locator('.graphiql-response .view-lines').waitFor({ state: 'attached' })
}

export async function run(page: Page): Promise<unknown> {
  await page.getByRole('button', { name: 'Execute query' }).click()
  return response(page)
}

/** Polls until the expectation holds. */
export function eventually<T>(read: () => Promise<T>, intervalMs = 50) {
  return expect.poll(read, { timeout: 20_000, interval: intervalMs })
}

/** The response on the page, once there is one. */
export async function response(page: Page): Promise<unknown> {
  await eventually(() => textIn(page, 'response.json')).toMatch(/^\{[\s\S]*\}$/)
  return JSON.parse(await textIn(page, 'response.json'))
}

/** The whole text of an editor; the screen shows only what fits. GraphiQL exposes its editors as `__MONACO`. */
export function textIn(page: Page, name: EditorName): Promise<string> {
  return page.evaluate(
    (suffix) =>
      __MONACO.editor
        .getModels()
        .find(({ uri }) => uri.path.endsWith(suffix))
        ?.getValue() ?? '',
    name,
  )
}

type Editor = 'Operation Editor' | 'Variables' | 'Headers'

/** Replaces the text of an editor. */
export async function write(page: Page, editor: Editor, text: string): Promise<void> {
  await eventually(async () => {
    await selectAll(page, editor)
    await page.keyboard.insertText(text)
    // Removes brackets that the editor closed by itself.
    await page.keyboard.press('Control+Shift+End')
    await page.keyboard.press('Delete')
    return textIn(page, MODELS[editor])
  }).toBe(text)
}

const MODELS: Readonly<Record<Editor, EditorName>> = {
  'Operation Editor': 'operation.graphql',
  Variables: 'variables.json',
  Headers: 'request-headers.json',
}

/** Replaces the text of an editor key by key, which triggers suggestions. */
export async function type(page: Page, editor: Editor, text: string): Promise<void> {
  await selectAll(page, editor)
  await page.keyboard.type(text)
}

/** Everything in the browser's storage, as one text without escapes. */
export async function stored(page: Page): Promise<string> {
  return JSON.stringify(await page.evaluate('({ ...localStorage })')).replaceAll('\\', '')
}

async function selectAll(page: Page, editor: Editor): Promise<void> {
  await page.getByLabel(editor, { exact: true }).locator('.view-lines:visible').first().click()
  await page.keyboard.press('Control+A')
}

/** Takes a screenshot to look at after a failed run; `npm run screenshots` writes the one in the docs. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'] ?? 'screenshots'
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
}

/** The part of Monaco that is used here. */
declare const __MONACO: {
  readonly editor: { getModels(): { readonly uri: { readonly path: string }; getValue(): string }[] }
}

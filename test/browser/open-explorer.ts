import { mkdirSync } from 'node:fs'
import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core'
import { expect } from 'vitest'
import { startGatewayOver, type TestGateway } from '../support/gateway.js'

/** GraphiQL in a window of its own, with everything that it asked for and complained of. */
export interface OpenExplorer {
  readonly page: Page
  /** Bodies and headers of the operations it posted, introspection apart. */
  readonly posted: readonly Request[]
  /** Requests to any origin but the gateway's. */
  readonly outside: readonly string[]
  /** Errors of the console, broken scripts, refused files and violations of the page's policy. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

export type EditorName = 'operation.graphql' | 'variables.json' | 'request-headers.json' | 'response.json'

/** The gateway as `npm start` serves it: over the embedded sandbox, with examples that are filled in. */
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
    // The page was left while something was still loading.
    if (reason !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${reason}`)
  })
  await page.exposeFunction('complain', (text: string) => complaints.push(text))
  await page.addInitScript(`addEventListener('securitypolicyviolation', (event) =>
    complain('policy: ' + event.violatedDirective + ' ' + event.blockedURI))`)
  await page.goto(url)
  await isReady(page)
  return { page, posted, outside, complaints, close: () => context.close() }
}

/** Once an operation can be read and run. */
export async function isReady(page: Page): Promise<void> {
  await page.locator('.graphiql-query-editor .view-line').first().waitFor()
  await page.locator('.graphiql-response .view-lines').waitFor({ state: 'attached' })
}

export async function run(page: Page): Promise<unknown> {
  await page.getByRole('button', { name: 'Execute query' }).click()
  return answer(page)
}

/** Looks again until it is so. */
export function eventually<T>(read: () => Promise<T>, intervalMs = 50) {
  return expect.poll(read, { timeout: 20_000, interval: intervalMs })
}

/** The answer that is shown, once there is one. */
export async function answer(page: Page): Promise<unknown> {
  await eventually(() => textIn(page, 'response.json')).toMatch(/^\{[\s\S]*\}$/)
  return JSON.parse(await textIn(page, 'response.json'))
}

/** All of an editor's text: on the screen there is only what fits. GraphiQL hands out its editors by this name. */
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

/** Replaces what stands in an editor. */
export async function write(page: Page, editor: Editor, text: string): Promise<void> {
  await eventually(async () => {
    await selectAll(page, editor)
    await page.keyboard.insertText(text)
    // The brackets that the editor closed by itself.
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

/** Replaces what stands in an editor key by key, so that it suggests. */
export async function type(page: Page, editor: Editor, text: string): Promise<void> {
  await selectAll(page, editor)
  await page.keyboard.type(text)
}

/** Everything that the browser keeps, as one text without escapes. */
export async function stored(page: Page): Promise<string> {
  return JSON.stringify(await page.evaluate('({ ...localStorage })')).replaceAll('\\', '')
}

async function selectAll(page: Page, editor: Editor): Promise<void> {
  await page.getByLabel(editor, { exact: true }).locator('.view-lines:visible').first().click()
  await page.keyboard.press('Control+A')
}

/** Keeps a picture for whoever looks at a failed run; `npm run screenshots` puts those of the docs where they belong. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'] ?? 'screenshots'
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
}

/** As much of Monaco as is read here. */
declare const __MONACO: {
  readonly editor: { getModels(): { readonly uri: { readonly path: string }; getValue(): string }[] }
}

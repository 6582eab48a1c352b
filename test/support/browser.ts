import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { describe } from 'vitest'

/**
 * A group of tests that need a real browser. Without one they are skipped, and their title says what is missing and how to
 * install it. In CI they fail instead, because no test may be skipped there.
 */
export function describeInChromium(title: string, tests: () => void): void {
  if (CHROMIUM === undefined && process.env['CI'] !== 'true') describe.skip(`${title} (${MISSING})`, tests)
  else describe(title, { timeout: BROWSER_TIMEOUT_MS, retry: RETRIES }, tests)
}

/** For a test or a hook. A browser is slow when it shares two cores with the rest of the suite. */
export const BROWSER_TIMEOUT_MS = 60_000

/** On a busy machine a browser occasionally drops a click or a key press. A test that fails twice is a real failure. */
const RETRIES = 1

/** Starts headless Chromium. @throws Error that says how to install it, if it is missing */
export async function launchChromium(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error(MISSING)
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
}

const FLAGS = [
  // Chromium's sandbox does not work as root, as in a container. Only pages of this machine are opened.
  '--no-sandbox',
  '--disable-dev-shm-usage',
  // No network: no name resolves, and only this machine's address can be reached.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
]

const CANDIDATES = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const CHROMIUM = CANDIDATES.find((path): path is string => path !== undefined && existsSync(path))

const MISSING = 'needs Chromium: install it (Debian: apt-get install chromium) or name it in CHROMIUM_PATH'

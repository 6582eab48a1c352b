import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { describe } from 'vitest'

/**
 * A group of tests that need a real browser. Where there is none they are skipped by a name that says what is missing and
 * how to get it; in CI they fail, because there none may be skipped.
 */
export function describeInChromium(title: string, tests: () => void): void {
  if (CHROMIUM === undefined && process.env['CI'] !== 'true') describe.skip(`${title} (${MISSING})`, tests)
  else describe(title, { timeout: BROWSER_TIMEOUT_MS, retry: RETRIES }, tests)
}

/** For a test or a hook: a browser beside the rest of the suite, on two cores, takes its time. */
export const BROWSER_TIMEOUT_MS = 60_000

/** On a busy machine a browser loses a click or a key now and then; what fails twice is ours. */
const RETRIES = 1

/** Starts Chromium without a window. @throws Error that says how to get one when there is none */
export async function launchChromium(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error(MISSING)
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
}

const FLAGS = [
  // Root, as in a container, has no sandbox of Chromium's own; only pages of this machine are opened.
  '--no-sandbox',
  '--disable-dev-shm-usage',
  // The network is unplugged: no name is resolved, and no address but this machine's is reached.
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

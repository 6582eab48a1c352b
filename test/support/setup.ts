import 'reflect-metadata'
import { setImmediate } from 'node:timers/promises'
import { afterAll, expect } from 'vitest'

const WAIT_MS_MAX = 2000

// Test files share a process, so a server that one leaves listening would affect the next.
const before = listening()
afterAll(async () => {
  const endsAt = performance.now() + WAIT_MS_MAX
  // A closed server still counts until the next turn of the event loop.
  while (listening() > before && performance.now() < endsAt) await setImmediate()
  expect(listening(), 'servers left listening').toBeLessThanOrEqual(before)
})

function listening(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length
}

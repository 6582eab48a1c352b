import 'reflect-metadata'
import { setImmediate } from 'node:timers/promises'
import { afterAll, expect } from 'vitest'

const WAIT_MS_MAX = 2000

// Test files share a process: what one leaves listening, the next would meet.
const before = listening()
afterAll(async () => {
  const endsAt = performance.now() + WAIT_MS_MAX
  // A server that has closed is counted until the event loop has turned.
  while (listening() > before && performance.now() < endsAt) await setImmediate()
  expect(listening(), 'servers left listening').toBeLessThanOrEqual(before)
})

function listening(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length
}

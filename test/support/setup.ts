import 'reflect-metadata'
import { afterAll, expect } from 'vitest'

// Test files share a process: what one leaves listening, the next would meet.
const before = listening()
afterAll(() => expect(listening(), 'servers left listening').toBeLessThanOrEqual(before))

function listening(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length
}

import { describe, expect, it } from 'vitest'
import { sleep } from '../../src/kernel/async.js'

describe('sleep', () => {
  it('stops sleeping when the signal fires, or at once if it already has', async () => {
    const controller = new AbortController()
    // Without the signal, this would sleep longer than a test may take.
    const sleeping = sleep(60_000, controller.signal)
    controller.abort()
    await sleeping
    await sleep(60_000, controller.signal)
  })

  it('sleeps for the given time', async () => {
    const startedAt = performance.now()
    await sleep(20, new AbortController().signal)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(18)
  })
})

import { describe, expect, it } from 'vitest'
import { sleep } from '../../src/kernel/async.js'

describe('sleep', () => {
  it('ends with the signal, at once when that has fired', async () => {
    const controller = new AbortController()
    // Otherwise it would be longer than a test may take.
    const sleeping = sleep(60_000, controller.signal)
    controller.abort()
    await sleeping
    await sleep(60_000, controller.signal)
  })

  it('ends after its time otherwise', async () => {
    const startedAt = performance.now()
    await sleep(20, new AbortController().signal)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(18)
  })
})

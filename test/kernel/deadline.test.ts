import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDeadline } from '../../src/kernel/deadline.js'

let monotonic = 0
const clock = { now: () => 0, monotonicMs: () => monotonic }
const pass = (ms: number) => {
  monotonic += ms
  vi.advanceTimersByTime(ms)
}

beforeEach(() => {
  vi.useFakeTimers()
  monotonic = 1000
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a deadline', () => {
  it('counts down to zero and fires exactly when the time is over', () => {
    const deadline = createDeadline(clock, 100)
    expect(deadline.remainingMs()).toBe(100)
    pass(99)
    expect([deadline.remainingMs(), deadline.signal.aborted]).toEqual([1, false])
    pass(1)
    expect([deadline.remainingMs(), deadline.signal.aborted]).toEqual([0, true])
    pass(50)
    expect(deadline.remainingMs()).toBe(0)
  })

  it('fires at once when the deadline is cancelled', () => {
    const deadline = createDeadline(clock, 100)
    deadline.cancel()
    expect(deadline.signal.aborted).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves no timer and never fires once the deadline is released', () => {
    const deadline = createDeadline(clock, 100)
    expect(vi.getTimerCount()).toBe(1)
    deadline.release()
    expect(vi.getTimerCount()).toBe(0)
    pass(500)
    expect(deadline.signal.aborted).toBe(false)
  })

  it('allows many listeners on a deadline without a warning', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const { signal, release } = createDeadline(clock, 100)
    for (let n = 0; n < 50; n += 1) signal.addEventListener('abort', () => n)
    expect(getEventListeners(signal, 'abort')).toHaveLength(50)
    expect(warn).not.toHaveBeenCalled()
    release()
    warn.mockRestore()
  })
})

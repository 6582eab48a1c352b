import { describe, expect, it } from 'vitest'
import { RequestLog } from '../../src/sandbox/log.js'

const request = { operation: 'list', method: 'GET', path: '/', query: {}, accountId: null, linkId: null }

describe('the request log', () => {
  it('logs the last 10,000 requests in order and counts all of them', () => {
    const log = new RequestLog()
    const writers = Array.from({ length: 10_007 }, () => log.begin(request))
    for (const writer of writers) writer.end(200)
    expect(log.entries.map(({ id }) => id)).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 8))
    expect(log.entries.every(({ status }) => status === 200)).toBe(true)
    expect([log.count(), log.peakConcurrency()]).toEqual([10_007, 10_007])
  })

  it('ends a logged request once, even after the log was cleared', () => {
    const log = new RequestLog()
    const [first, second] = [log.begin(request), log.begin(request)]
    first.end(200)
    first.end(null)
    expect(log.entries[0]?.status).toBe(200)
    log.clear()
    expect([log.entries, log.count(), log.peakConcurrency()]).toEqual([[], 0, 0])
    log.begin(request)
    expect(log.peakConcurrency('list')).toBe(2)
    second.end(200)
    expect(log.entries).toHaveLength(1)
  })

  it('hands out entries that do not change when their request ends', () => {
    const log = new RequestLog()
    const writer = log.begin(request)
    const [before] = log.entries
    writer.end(200)
    expect([before?.status, log.entries[0]?.status]).toEqual([null, 200])
  })
})

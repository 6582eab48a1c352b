import { expect, it } from 'vitest'
import { type Answering, context, json, read, success, until, withUpstream, write } from '../support/with-upstream.js'

// Alone in its file: it counts the timers of the process.
it('leaves no timer and no connection behind once it is stopped, whatever happened before', async () => {
  const answer: Answering = (call, response) => {
    if (call.path.endsWith('/0')) return success(response)
    if (call.path.endsWith('/1')) return json(response, 503, {})
    if (call.path.endsWith('/2')) return void response.socket?.destroy()
  }
  await withUpstream({ answer }, async ({ client, connections }) => {
    const before = timers()
    const upstream = client({ attemptTimeoutMs: 1_000, cacheTtlMs: 1_000 })
    const calls = ['0', '1', '2', '3'].flatMap((id) => [
      upstream.send(read({ path: [id] }), context(2_500)),
      upstream.send(read({ path: [id], freshness: 'fresh' }), context(2_500)),
      upstream.send(write({ path: [id] }), context(2_500)),
    ])
    const outcomes = await Promise.allSettled(calls)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    await upstream.stop()
    await until(async () => (await connections()) === 0)
    // The runner has a few timers of its own that come and go; twelve leaked calls would leave more.
    await until(() => timers() <= before)
  })
})

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
}

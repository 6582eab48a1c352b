import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { RequestScope } from '../../src/graphql/scope.js'
import { createBackground } from '../../src/kernel/background.js'
import { openClient, postText, queryText } from './sockets/raw-client.js'
import { sendRaw, startTinyServer, type TinyOptions, type TinyServer } from './tiny-server.js'

const started: TinyServer[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()))
})

async function start(options: TinyOptions): Promise<TinyServer> {
  const server = await startTinyServer(options)
  started.push(server)
  return server
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function deferred<T>() {
  let resolve: (value: T) => void = () => {}
  let reject: (reason: Error) => void = () => {}
  const promise = new Promise<T>((onValue, onReason) => {
    resolve = onValue
    reject = onReason
  })
  return { promise, resolve, reject }
}

/** A resolver that the test can observe and release. */
function gate() {
  const entered = deferred<RequestScope>()
  const release = deferred<string>()
  const resolve = (_source: unknown, _arguments: unknown, scope: RequestScope) => {
    entered.resolve(scope)
    return release.promise
  }
  return { entered: entered.promise, release: release.resolve, resolve }
}

describe('the deadline of a request', () => {
  it('cancels the deadline as soon as the caller leaves', async () => {
    const { entered, release, resolve } = gate()
    const server = await start({ resolvers: { wait: resolve }, requestTimeoutMs: 600_000 })
    const leaving = new AbortController()
    const asked = fetch(`${server.graphqlUrl}?query={wait}`, {
      headers: { 'apollo-require-preflight': '1' },
      signal: leaving.signal,
    })
    const { deadline } = await entered
    expect(deadline.signal.aborted).toBe(false)
    leaving.abort()
    await expect(asked).rejects.toThrow()
    await expect.poll(() => deadline.signal.aborted).toBe(true)
    await expect.poll(() => server.log.map(({ fields }) => fields['statusCode'])).toEqual([499])
    release('late')
  })

  it('takes the time limit from the settings, and releases the deadline with the response', async () => {
    const { entered, release, resolve } = gate()
    const server = await start({ resolvers: { wait: resolve }, requestTimeoutMs: 1_000 })
    const asked = server.request('{ wait }')
    const { deadline } = await entered
    expect(deadline.remainingMs()).toBeLessThanOrEqual(1_000)
    release('in time')
    expect(await (await asked).json()).toEqual({ data: { wait: 'in time' } })
    await expect.poll(() => deadline.remainingMs()).toBe(0)
    // A timer that was still running would fire by the next round of timers.
    await new Promise((passed) => setTimeout(passed, 1))
    expect(deadline.signal.aborted).toBe(false)
  })

  it('keeps one set of loaders per request', async () => {
    const made: object[] = []
    const factory = () => ({})
    const record = (_source: unknown, _arguments: unknown, scope: RequestScope) => {
      made.push(scope.get(factory))
      return 'recorded'
    }
    const server = await start({ resolvers: { wait: record, echo: record } })
    await (await server.request('{ wait echo(text: "a") }')).text()
    await (await server.request('{ wait }')).text()
    expect(made).toHaveLength(3)
    expect(made[0]).toBe(made[1])
    expect(made[0]).not.toBe(made[2])
  })
})

describe('stopping', () => {
  it('finishes accepted requests while stopping, reports draining, and accepts no new connections', async () => {
    const { entered, release, resolve } = gate()
    const server = await start({ resolvers: { wait: resolve } })
    const asked = server.request('{ wait }')
    // Half a request counts as accepted, so its other half can still arrive while the server drains.
    const early = connect(server.port, '127.0.0.1')
    early.write('GET /health/ready HTTP/1.1\r\nhost: localhost\r\n')
    await entered
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)

    const stopped = server.stop()
    early.write('\r\n')
    const [ready] = (await once(early, 'data')) as [Buffer]
    expect(ready.toString()).toMatch(
      /^HTTP\/1.1 503 [\s\S]*connection: close[\s\S]*x-request-id: [\s\S]*{"status":"draining"}$/i,
    )
    await expect(fetch(`${server.url}/health/live`)).rejects.toThrow()

    release('answered')
    const response = await asked
    expect([response.status, await response.json()]).toEqual([200, { data: { wait: 'answered' } }])
    await stopped
    early.destroy()
  })

  it('also finishes requests that are queued on the same connection while stopping', async () => {
    const { entered, release, resolve } = gate()
    const server = await start({ resolvers: { wait: resolve } })
    const client = openClient(server.port)
    client.socket.write(queryText('{ wait }') + queryText('{ hello }').repeat(2))
    await entered
    const stopped = server.stop()
    release('answered')
    await Promise.all([stopped, client.closed])
    expect(client.statuses()).toEqual([200, 200, 200])
    expect(client.text().match(/^connection: close/gim)).toHaveLength(1)
    expect(client.text()).toMatch(/connection: close[^{]*{"data":{"hello":"world"}}\s*$/i)
  })

  it.each([
    ['large', 20_000_000],
    ['small, behind others that fill the connection', 60_000],
  ])('lets a response in progress be read to its end while stopping: %s', async (_what, length) => {
    const text = 'x'.repeat(length)
    const server = await start({ resolvers: { wait: () => text } })
    const client = openClient(server.port, { reads: false })
    let asked = 0
    do {
      client.socket.write(queryText('{ wait }'))
      asked += 1
      await until(() => server.log.length === asked, 200)
    } while (server.log.length === asked)
    const stopped = server.stop()
    client.read()
    await Promise.all([stopped, client.closed])
    expect(client.statuses()).toHaveLength(asked)
    expect(client.text().endsWith(`{"data":{"wait":"${text}"}}\n`)).toBe(true)
  })

  it.each([
    ['does not read the response', queryText('{ wait }')],
    ['keeps sending after a refusal', postText('', { length: 1_000_000_000 })],
    ['has sent half a request', 'GET /health/live HTTP/1.1\r\n'],
  ])('does not wait long while stopping for a caller who %s', async (_what, text) => {
    const resolvers = { wait: () => 'x'.repeat(20_000_000) }
    const server = await start({ resolvers, requestTimeoutMs: 1 })
    const client = openClient(server.port, { reads: false, isStubborn: true })
    client.socket.write(text)
    await sendRaw(server.port, 'GET /health/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
    await server.stop()
    client.socket.destroy()
  })

  it('closes idle connections when stopping', async () => {
    const server = await start({})
    const idle = connect(server.port, '127.0.0.1')
    await once(idle, 'connect')
    await server.stop()
    if (!idle.closed) await once(idle, 'close')
    expect(idle.closed).toBe(true)
  })

  it('does not wait while stopping for a caller who never finishes sending', async () => {
    const server = await start({ requestTimeoutMs: 1 })
    const slow = connect(server.port, '127.0.0.1')
    slow.on('error', () => {})
    slow.write(
      'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{',
    )
    await once(slow, 'connect')
    await sendRaw(server.port, 'GET /health/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
    await server.stop()
  })

  it('can be stopped more than once', async () => {
    const server = await start({})
    await Promise.all([server.stop(), server.stop()])
  })

  it('fails to start when the port is taken, and leaves nothing behind', async () => {
    const server = await start({})
    await expect(startTinyServer({ server: { port: server.port } })).rejects.toThrow(/EADDRINUSE/)
  })
})

describe('background work', () => {
  it('waits for background work, including work started meanwhile, even if it fails', async () => {
    const background = createBackground()
    const first = deferred<void>()
    const second = deferred<void>()
    const order: string[] = []
    const outcome = background.run(first.promise.then(() => void background.run(second.promise).catch(() => {})))
    const settled = background.settled().then(() => order.push('settled'))
    first.resolve()
    await outcome
    order.push('first')
    second.reject(new Error('failed'))
    await settled
    expect(order).toEqual(['first', 'settled'])
  })

  it('passes on the outcome of background work', async () => {
    const background = createBackground()
    await expect(background.run(Promise.resolve(7))).resolves.toBe(7)
    await expect(background.run(Promise.reject(new Error('no')))).rejects.toThrow('no')
  })
})

/** Waits until the condition holds, for at most `msMax`. */
async function until(holds: () => boolean, msMax: number): Promise<void> {
  const endsAt = performance.now() + msMax
  while (!holds() && performance.now() < endsAt) await new Promise((resolve) => setImmediate(resolve))
}

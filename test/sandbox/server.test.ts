import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { sandboxResources } from '../../src/resources/index.js'
import { startSandbox } from '../../src/sandbox/server.js'
import { at, control, LINKS, MAIN_ACCOUNT, rawGet, request, signIn, withSandbox } from './sandbox-client.js'

describe('the request log', () => {
  it('logs who requested what, and never a token or a secret', async () => {
    const sandbox = await withSandbox()
    const client = await signIn(sandbox)
    const id = sandbox.linksOf(MAIN_ACCOUNT)[0]?.id
    await client.get(`${LINKS}/${MAIN_ACCOUNT}?page=2`)
    await client.put(`${LINKS}/${MAIN_ACCOUNT}/${id}`, { status: 'open' })
    await request(`${sandbox.url}${LINKS}/${MAIN_ACCOUNT}`)
    const entries = sandbox.log.entries
    expect(entries.map(({ operation, status, credential }) => [operation, status, credential])).toEqual([
      ['token', 200, 'merchant'],
      ['list', 200, 'merchant'],
      ['update', 422, 'merchant'],
      ['list', 401, null],
    ])
    expect(entries[1]).toMatchObject({ method: 'GET', accountId: MAIN_ACCOUNT, linkId: null, query: { page: '2' } })
    expect(entries[2]).toMatchObject({ method: 'PUT', linkId: String(id), body: { status: 'open' } })
    const text = JSON.stringify(entries)
    expect(text).not.toContain(client.headers['authorization']?.slice(7))
    expect(text).not.toContain(sandbox.credentials.clientSecret)
    expect(text).not.toContain(sandbox.credentials.apiKey)
  })

  it('logs the JSON body of any request but one for a token', async () => {
    const sandbox = await withSandbox()
    const client = await signIn(sandbox)
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const init = { method, headers: client.headers, body: JSON.stringify({ sentBy: method }) }
      await request(`${sandbox.url}${LINKS}/${MAIN_ACCOUNT}`, init)
    }
    await request(`${sandbox.url}${LINKS}/${MAIN_ACCOUNT}`, { method: 'POST', body: 'not JSON' })
    expect(sandbox.log.entries.map(({ method, body }) => [method, body])).toEqual([
      ['POST', undefined],
      ['POST', { sentBy: 'POST' }],
      ['PUT', { sentBy: 'PUT' }],
      ['PATCH', { sentBy: 'PATCH' }],
      ['DELETE', { sentBy: 'DELETE' }],
      ['POST', undefined],
    ])
  })

  it('counts requests, and the most that were in progress at once', async () => {
    const sandbox = await withSandbox()
    const client = await signIn(sandbox)
    for (let i = 0; i < 3; i += 1) await client.get(`${LINKS}/${MAIN_ACCOUNT}`)
    expect([sandbox.log.count('list'), sandbox.log.peakConcurrency('list')]).toEqual([3, 1])
    sandbox.log.clear()
    let waiting = 0
    let release = (): void => undefined
    const allIn = new Promise<void>((resolve) => {
      release = resolve
    })
    sandbox.beforeResponse(() => {
      waiting += 1
      if (waiting === 4) release()
      return allIn
    })
    await Promise.all(Array.from({ length: 4 }, () => client.get(`${LINKS}/${MAIN_ACCOUNT}`)))
    expect([sandbox.log.count(), sandbox.log.count('list'), sandbox.log.count('show')]).toEqual([4, 4, 0])
    expect([sandbox.log.peakConcurrency(), sandbox.log.peakConcurrency('list')]).toEqual([4, 4])
  })
})

describe('a path outside the routes', () => {
  it('answers 404 to an unknown path and 405 to a wrong verb, as Laravel does', async () => {
    const sandbox = await withSandbox()
    const missing = await request(`${sandbox.url}/api/v3.0/nothing`)
    expect([missing.status, missing.body]).toEqual([404, { message: 'The route api/v3.0/nothing could not be found.' }])
    const verb = await request(`${sandbox.url}${LINKS}/${MAIN_ACCOUNT}/1`, { method: 'PATCH' })
    expect([verb.status, verb.body, verb.type]).toEqual([405, undefined, 'text/plain; charset=UTF-8'])
    expect(verb.text).toContain('Supported methods: GET, PUT.')
    expect(sandbox.log.count('unknown')).toBe(2)
  })

  it('answers 500 to a path that is no URL, and serves the next request', async () => {
    const sandbox = await withSandbox()
    const { bytes } = await rawGet(sandbox, '//', { headers: {} })
    expect(bytes.toString()).toMatch(/^HTTP\/1.1 500 .*The sandbox failed: TypeError/s)
    expect((await control(sandbox, 'GET', '')).status).toBe(200)
  })
})

describe('the control routes', () => {
  it('changes and deletes links over HTTP as its methods do', async () => {
    const sandbox = await withSandbox()
    const client = await signIn(sandbox)
    const created = await control(sandbox, 'POST', '/links', { accountId: MAIN_ACCOUNT, maxUsage: 3 })
    const id = Number(at(created.body, 'id'))
    const link = `/links/${MAIN_ACCOUNT}/${id}`
    const shown = async (): Promise<unknown> => at((await client.get(`${LINKS}/${MAIN_ACCOUNT}/${id}`)).body, 'data')
    await control(sandbox, 'POST', `${link}/pay`)
    await control(sandbox, 'PATCH', link, { title: 'Lain' })
    expect(await shown()).toMatchObject({ current_usage: 1, title: 'Lain' })
    await control(sandbox, 'PUT', `${link}/raw`, { set: { max_usage: 'many' } })
    expect(await shown()).toMatchObject({ max_usage: 'many' })
    await control(sandbox, 'DELETE', `${link}/raw`)
    expect(await shown()).toMatchObject({ max_usage: 3 })
    await control(sandbox, 'POST', '/revoke-tokens')
    expect((await client.get(`${LINKS}/${MAIN_ACCOUNT}/${id}`)).status).toBe(401)
    await control(sandbox, 'DELETE', link)
    expect(at((await control(sandbox, 'GET', `/links/${MAIN_ACCOUNT}`)).body, 'length')).toBe(200)
  })

  it('reads and changes behaviour, faults, clock and log over HTTP', async () => {
    const sandbox = await withSandbox({ clock: { now: () => 0 } })
    const client = await signIn(sandbox)
    const changed = await control(sandbox, 'PUT', '/behaviour', { order: 'oldest', listDialect: { zone: 'utc' } })
    expect(changed.body).toMatchObject({ order: 'oldest', listDialect: { zone: 'utc', figures: 'numbers' } })
    await control(sandbox, 'POST', '/faults', { kind: 'json-500', operation: 'list', times: 1 })
    expect((await client.get(`${LINKS}/${MAIN_ACCOUNT}`)).status).toBe(500)
    const ids = (await client.get(`${LINKS}/${MAIN_ACCOUNT}`)).body
    expect(Number(at(ids, 'data', 0, 'id'))).toBeLessThan(Number(at(ids, 'data', 1, 'id')))
    await control(sandbox, 'DELETE', '/behaviour')
    expect(sandbox.behaviour.current.order).toBe('newest')
    const log = (await control(sandbox, 'GET', '/log?operation=list')).body
    expect([at(log, 'count'), at(log, 'peakConcurrency'), at(log, 'entries', 'length')]).toEqual([2, 1, 2])
    await control(sandbox, 'DELETE', '/log')
    expect(sandbox.log.count()).toBe(0)
    await control(sandbox, 'POST', '/advance-clock', { ms: 216_000_000 })
    expect((await client.get(`${LINKS}/${MAIN_ACCOUNT}`)).status).toBe(401)
  })

  it('refuses an invalid control with a message and changes nothing', async () => {
    const sandbox = await withSandbox()
    const before = sandbox.behaviour.current
    const wrong = await control(sandbox, 'PUT', '/behaviour', { order: 'oldest', pagination: 'none' })
    expect([wrong.status, String(at(wrong.body, 'error'))]).toEqual([
      400,
      'pagination takes camel | snake | meta | text | empty | absent, but got: "none"',
    ])
    expect((await control(sandbox, 'PUT', '/behaviour', { colour: 'red' })).status).toBe(400)
    expect((await control(sandbox, 'PUT', '/behaviour', { showDialect: { figures: 'roman' } })).status).toBe(400)
    expect(sandbox.behaviour.current).toEqual(before)
    expect((await control(sandbox, 'POST', '/advance-clock', {})).status).toBe(400)
    expect((await control(sandbox, 'DELETE', `/links/${MAIN_ACCOUNT}/1`)).status).toBe(400)
    expect((await control(sandbox, 'POST', '/links', { accountId: MAIN_ACCOUNT, max_usage: 3 })).status).toBe(400)
    const [newest] = sandbox.linksOf(MAIN_ACCOUNT)
    expect((await control(sandbox, 'PATCH', `/links/${MAIN_ACCOUNT}/${newest?.id}`, { id: 1 })).status).toBe(400)
    expect(sandbox.linksOf(MAIN_ACCOUNT)[0]).toEqual(newest)
    expect((await control(sandbox, 'GET', '/nothing')).status).toBe(404)
    expect(sandbox.log.count()).toBe(0)
  })
})

describe('stopping', () => {
  it('ends hung, waiting, dripping and idle sockets at once when the sandbox stops, and may stop twice', async () => {
    const sandbox = await withSandbox()
    const client = await signIn(sandbox)
    const path = `${LINKS}/${MAIN_ACCOUNT}`
    sandbox.faults.add({ kind: 'hang', times: 1 })
    sandbox.faults.add({ kind: 'drip', bytes: 1, ms: 60_000, times: 1 })
    const spoilt = [rawGet(sandbox, path, client), rawGet(sandbox, path, client)]
    while (sandbox.faults.list().length > 0) await control(sandbox, 'GET', '')
    sandbox.faults.add({ kind: 'latency', ms: 60_000 })
    const waiting = rawGet(sandbox, path, client)
    while (sandbox.log.count('list') < 3) await control(sandbox, 'GET', '')
    await sandbox.stop()
    await sandbox.stop()
    expect((await waiting).bytes.length).toBe(0)
    await expect(Promise.all(spoilt)).resolves.toHaveLength(2)
    await expect(fetch(sandbox.url)).rejects.toThrow()
  })

  it('frees its port when it stops, and refuses to start on a port in use', async () => {
    const first = await withSandbox()
    const port = Number(new URL(first.url).port)
    await expect(startSandbox({ resources: sandboxResources, port })).rejects.toThrow('EADDRINUSE')
    await first.stop()
    const second = createServer()
    await new Promise<void>((resolve) => second.listen(port, '127.0.0.1', resolve))
    await new Promise((resolve) => second.close(resolve))
  })
})

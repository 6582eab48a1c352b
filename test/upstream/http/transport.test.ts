import { createServer, type Socket } from 'node:net'
import { brotliCompressSync, constants, createGzip, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { RESPONSE_BYTES_MAX } from '../../../src/upstream/http/transport.js'
import { context, failureOf, read, success, until, withUpstream, write } from '../../support/with-upstream.js'

const BODY = { status: 200, success: true, data: { title: 'Kopi é' } }

describe('a request', () => {
  it('carries the token, the partner and the accepted types', async () => {
    await withUpstream({ answer: (_, response) => success(response) }, async ({ client, calls }) => {
      await client().send(read({ query: { page: '2', per_page: '25' } }), context())
      expect(calls).toHaveLength(1)
      expect(calls[0]?.method).toBe('GET')
      expect(calls[0]?.path).toBe('/api/v1.0/payment-link-manage/ACCOUNT/7?page=2&per_page=25')
      expect(calls[0]?.headers).toMatchObject({
        authorization: 'Bearer token-1',
        'x-partner-id': 'partner-key',
        accept: 'application/json',
      })
      expect(calls[0]?.headers).not.toHaveProperty('content-type')
    })
  })

  it('sends the body of a write unchanged, as JSON, on a connection of its own', async () => {
    await withUpstream({ answer: (_, response) => success(response) }, async ({ client, calls }) => {
      const upstream = client()
      await upstream.send(read(), context())
      await upstream.send(write({ body: '{"max_usage":5,"note":"é"}' }), context())
      expect(calls[1]).toMatchObject({ method: 'PUT', body: '{"max_usage":5,"note":"é"}' })
      expect(calls[1]?.headers).toMatchObject({ 'content-type': 'application/json', connection: 'close' })
      expect(calls[0]?.headers.connection).toBe('keep-alive')
    })
  })

  it('keeps every path segment in its place', async () => {
    await withUpstream({ answer: (_, response) => success(response) }, async ({ client, calls }) => {
      const upstream = client()
      await upstream.send(read({ path: ['v1.0', 'a/b?c#d%2e', 'x y'] }), context())
      expect(calls[0]?.path).toBe('/api/v1.0/a%2Fb%3Fc%23d%252e/x%20y')
      for (const segment of ['', '.', '..']) {
        await expect(upstream.send(read({ path: ['v1.0', segment, 'x'] }), context())).rejects.toThrow('path segment')
      }
      expect(calls).toHaveLength(1)
    })
  })

  it('reuses the connection of an earlier read', async () => {
    await withUpstream({ answer: (_, response) => success(response) }, async ({ client, connections }) => {
      const upstream = client()
      for (let nth = 0; nth < 5; nth += 1) await upstream.send(read(), context())
      await until(async () => (await connections()) === 1)
    })
  })
})

describe('a response', () => {
  const encodings = {
    gzip: gzipSync,
    'x-gzip': gzipSync,
    GZip: gzipSync,
    br: brotliCompressSync,
    deflate: deflateSync,
    'deflate, gzip': (text: string) => gzipSync(deflateSync(text)),
    'identity, gzip': gzipSync,
  }
  it.each([
    ...Object.entries(encodings),
    ['deflate', (text: string) => deflateRawSync(text)] as const,
    ['deflate', (text: string) => deflateRawSync(text, { level: 1 })] as const,
    ['deflate', (text: string) => deflateRawSync(text, { level: 0 })] as const,
    ['identity', (text: string) => Buffer.from(text)] as const,
    ['', (text: string) => Buffer.from(text)] as const,
  ])('reads a response in the encoding %s', async (encoding, compress) => {
    const bodies = [BODY, { ...BODY, data: Array.from({ length: 100 }, (_, nth) => ({ id: nth * 7919, title: 'x' })) }]
    for (const body of bodies) {
      const bytes = compress(JSON.stringify(body))
      await withUpstream(
        { answer: (_, response) => void response.writeHead(200, { 'content-encoding': encoding }).end(bytes) },
        async ({ client }) => {
          expect(await client().send(read(), context())).toEqual(body)
        },
      )
    }
  })

  it.each(['utf-8', 'UTF8', 'none', 'gzip, utf-8'])('reads a response whose encoding is named %s', async (name) => {
    const plain = Buffer.from(JSON.stringify({ success: true, data: 'whole' }))
    const bytes = name.startsWith('gzip') ? gzipSync(plain) : plain
    await withUpstream(
      { answer: (_, response) => void response.writeHead(200, { 'content-encoding': name }).end(bytes) },
      async ({ client }) => {
        expect(await client().send(read(), context())).toEqual({ success: true, data: 'whole' })
      },
    )
  })

  it('calls a response malformed in an encoding that was not offered', async () => {
    await withUpstream(
      {
        answer: (_, response) =>
          void response.writeHead(200, { 'content-encoding': 'zstd' }).end(JSON.stringify({ success: true, data: 1 })),
      },
      async ({ client, calls }) => {
        expect(await failureOf(client().send(read(), context()))).toMatchObject({ code: 'UPSTREAM_MALFORMED' })
        expect(calls[0]?.headers['accept-encoding']).toBe('gzip, deflate, br')
      },
    )
  })

  it('calls a response malformed in many nested encodings', async () => {
    const layers = Array.from({ length: 50 }, () => 'gzip').join(', ')
    await withUpstream(
      { answer: (_, response) => void response.writeHead(200, { 'content-encoding': layers }).end('x') },
      async ({ client }) => {
        expect(await failureOf(client().send(read(), context()))).toMatchObject({ code: 'UPSTREAM_MALFORMED' })
      },
    )
  })

  it('takes an empty body for none, whatever its encoding', async () => {
    await withUpstream(
      { answer: (_, response) => void response.writeHead(503, { 'content-encoding': 'gzip' }).end() },
      async ({ client }) => {
        expect(await failureOf(client().send(write(), context()))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
      },
    )
  })

  it.each(Object.entries(encodings))(
    'calls a response malformed when its %s body is cut short',
    async (encoding, compress) => {
      const bytes = compress(JSON.stringify({ ...BODY, pad: 'x'.repeat(1000) }))
      const cut = bytes.subarray(0, bytes.length - 9)
      await withUpstream(
        { answer: (_, response) => void response.writeHead(200, { 'content-encoding': encoding }).end(cut) },
        async ({ client, calls }) => {
          const failure = await failureOf(client().send(read(), context()))
          expect(failure).toMatchObject({ code: 'UPSTREAM_MALFORMED' })
          expect(calls).toHaveLength(1)
        },
      )
    },
  )

  it('calls a response malformed when its body does not fit its encoding', async () => {
    await withUpstream(
      { answer: (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip') },
      async ({ client }) => {
        expect(await failureOf(client().send(read(), context()))).toMatchObject({ code: 'UPSTREAM_MALFORMED' })
      },
    )
  })

  it('cuts off a small gzip of 200 MB before it fills the memory', async () => {
    const bomb = await gzipOfZeros(200 * 1024 * 1024)
    expect(bomb.length).toBeLessThan(1024 * 1024)
    await withUpstream(
      { answer: (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb) },
      async ({ client }) => {
        const upstream = client()
        const before = process.memoryUsage()
        let peakBytes = 0
        const watch = setInterval(() => {
          const { arrayBuffers, heapUsed } = process.memoryUsage()
          peakBytes = Math.max(peakBytes, arrayBuffers + heapUsed - before.arrayBuffers - before.heapUsed)
        }, 1)
        const failure = await failureOf(upstream.send(read(), context()))
        clearInterval(watch)
        expect(failure).toMatchObject({ code: 'UPSTREAM_MALFORMED', outcome: 'lost' })
        expect(peakBytes).toBeLessThan(8 * RESPONSE_BYTES_MAX)
      },
    )
  })

  it('cuts off a response that never ends at the size limit, and closes its connection', async () => {
    let sentBytes = 0
    await withUpstream(
      {
        answer: (_, response) => {
          const chunk = Buffer.alloc(256 * 1024, 0x20)
          response.writeHead(200)
          const pump = () => {
            if (response.destroyed) return
            sentBytes += chunk.length
            if (response.write(chunk)) setImmediate(pump)
            else response.once('drain', pump)
          }
          pump()
        },
      },
      async ({ client, calls }) => {
        const failure = await failureOf(client().send(read(), context()))
        expect(failure).toMatchObject({ code: 'UPSTREAM_MALFORMED', outcome: 'lost' })
        await calls[0]?.closed
        expect(sentBytes).toBeLessThan(4 * RESPONSE_BYTES_MAX)
      },
    )
  })

  it('reads a response just below the size limit', async () => {
    const pad = 'x'.repeat(RESPONSE_BYTES_MAX - 100)
    await withUpstream({ answer: (_, response) => success(response, { pad }) }, async ({ client }) => {
      expect(await client().send(read(), context())).toMatchObject({ data: { pad } })
    })
  })

  it('calls a redirect malformed and does not follow it', async () => {
    await withUpstream(
      {
        answer: (_, response, nth) => {
          if (nth > 1) return success(response)
          response.writeHead(307, { location: '/api/elsewhere' }).end()
        },
      },
      async ({ client, calls }) => {
        const failure = await failureOf(client().send(write(), context()))
        expect(failure).toMatchObject({ code: 'UPSTREAM_MALFORMED', outcome: 'lost', upstreamStatus: 307 })
        expect(calls).toHaveLength(1)
      },
    )
  })

  it('cuts off a response that drips at the attempt timeout', async () => {
    await withUpstream(
      {
        answer: (_, response) => {
          response.writeHead(200)
          const drip = setInterval(() => response.write(' '), 10)
          response.once('close', () => clearInterval(drip))
        },
      },
      async ({ client, calls }) => {
        const failure = await failureOf(client({ attemptTimeoutMs: 150 }).send(write(), context()))
        expect(failure).toMatchObject({ code: 'UPSTREAM_TIMEOUT', outcome: 'lost' })
        await calls[0]?.closed
        expect(calls).toHaveLength(1)
      },
    )
  })
})

describe('a network failure', () => {
  it('leaves a write unsent when the connection is refused', async () => {
    const port = await freePort()
    await withUpstream({ answer: (_, response) => success(response) }, async ({ client }) => {
      const upstream = client({ baseUrl: `http://127.0.0.1:${port}` })
      const failure = await failureOf(upstream.send(write(), context()))
      expect(failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', outcome: 'not-sent', systemCode: 'ECONNREFUSED' })
    })
  })

  it('leaves a write unsent when the host does not exist', async () => {
    await withUpstream({ answer: (_, response) => success(response) }, async ({ client }) => {
      const failure = await failureOf(client({ baseUrl: 'http://upstream.invalid' }).send(write(), context()))
      expect(failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', outcome: 'not-sent' })
    })
  })

  it('leaves a write unsent when the server speaks no TLS', async () => {
    await withUpstream({ answer: (_, response) => success(response) }, async ({ client, origin, calls }) => {
      const failure = await failureOf(client({ baseUrl: origin.replace('http:', 'https:') }).send(write(), context()))
      expect(failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', outcome: 'not-sent' })
      expect(calls).toHaveLength(0)
    })
  })

  it.each(['before', 'within'])(
    'loses a write at a reset %s the response, and does not send it again',
    async (when) => {
      await withUpstream(
        {
          answer: (_, response) => {
            if (when === 'within') response.writeHead(200, { 'content-length': '100' }).write('{"status"')
            setImmediate(() => response.socket?.resetAndDestroy())
          },
        },
        async ({ client, calls }) => {
          const failure = await failureOf(client().send(write(), context()))
          expect(failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', outcome: 'lost', upstreamStatus: undefined })
          expect(calls).toHaveLength(1)
        },
      )
    },
  )

  it('notices at once that a connection ends inside a gzip body', async () => {
    const bytes = gzipSync(JSON.stringify({ ...BODY, pad: 'x'.repeat(100_000) }))
    await withUpstream(
      {
        answer: (_, response) => {
          response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': String(bytes.length) })
          response.write(bytes.subarray(0, 40), () => response.socket?.destroy())
        },
      },
      async ({ client }) => {
        // If it were not, the wait would be longer than a test may take.
        const failure = await failureOf(client({ attemptTimeoutMs: 60_000 }).send(write(), context(60_000)))
        expect(failure).toMatchObject({ outcome: 'lost' })
      },
    )
  })

  it('calls a response malformed when the server does not speak HTTP', async () => {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.6\r\n'))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    await withUpstream({ answer: (_, response) => success(response) }, async ({ client }) => {
      const failure = await failureOf(client({ baseUrl: `http://127.0.0.1:${port}` }).send(write(), context()))
      expect(failure).toMatchObject({ code: 'UPSTREAM_MALFORMED', outcome: 'not-sent' })
    })
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
})

async function gzipOfZeros(bytes: number): Promise<Buffer> {
  const gzip = createGzip({ level: constants.Z_BEST_COMPRESSION })
  const packed: Buffer[] = []
  gzip.on('data', (chunk: Buffer) => packed.push(chunk))
  const done = new Promise((resolve) => gzip.once('end', resolve))
  const zeros = Buffer.alloc(1024 * 1024)
  for (let sent = 0; sent < bytes; sent += zeros.length) {
    if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once('drain', resolve))
  }
  gzip.end()
  await done
  return Buffer.concat(packed)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 1
}

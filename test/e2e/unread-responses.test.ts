import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The gateway with its sandbox in a process of its own with a limited heap. */
function startWithHeap(megabytes: number) {
  const child = spawn(process.execPath, [`--max-old-space-size=${megabytes}`, 'dist/main.js'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', SINGAPAY_BASE_URL: 'sandbox', LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk))
  return { child, output: () => text, exited: once(child, 'close') }
}

it('bounds the memory of unread responses, and serves others meanwhile', async () => {
  const { child, output, exited } = startWithHeap(128)
  const sockets: Socket[] = []
  try {
    await expect.poll(output, { timeout: 20_000 }).toMatch(/Address +http.*\n.*Account id +\w+\n/)
    const [, address = '', accountId = ''] = /Address +(\S+)\n.*Account id +(\w+)\n/.exec(output()) ?? []
    const list = `paymentLinks(accountId: "${accountId}", first: 100) { nodes { id title status totalAmount createdAt updatedAt } }`
    const query = `{ ${Array.from({ length: 40 }, (_, nth) => `a${nth}: ${list}`).join(' ')} }`
    const body = JSON.stringify({ query })
    const head = 'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n'
    for (let nth = 0; nth < 8; nth += 1) {
      const socket = connect(Number(new URL(address).port), '127.0.0.1')
      sockets.push(socket.on('error', () => {}).pause())
      socket.write(`${head}content-length: ${body.length}\r\n\r\n${body}`.repeat(60))
    }
    // Enough responses to have filled the heap by now: each waits for those before it in the process.
    for (let nth = 0; nth < 40; nth += 1) {
      const response = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      expect((await response.text()).length).toBeGreaterThan(500_000)
    }
    expect(child.exitCode, output()).toBe(null)
  } finally {
    for (const socket of sockets) socket.destroy()
    child.kill('SIGKILL')
    await exited
  }
}, 60_000)

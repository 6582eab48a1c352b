import { once } from 'node:events'
import { connect } from 'node:net'
import { ERROR_TABLE } from '../../../src/kernel/errors.js'
import type { FuzzInput } from './inputs.js'

/** Sends one input. Returns what is wrong with the response, or undefined. */
export async function problemWith(input: FuzzInput, graphqlUrl: string): Promise<string | undefined> {
  if (input.kind === 'raw') return problemOfRaw(await exchangeRaw(input.bytes, graphqlUrl))
  const response = await fetch(input.kind === 'get' ? `${graphqlUrl}${input.search}` : graphqlUrl, requestOf(input))
  return problemOf(response.status, response.headers.get('content-type'), await response.text())
}

function requestOf(input: Exclude<FuzzInput, { kind: 'raw' }>): RequestInit {
  if (input.kind === 'get') return { headers: { 'apollo-require-preflight': '1' } }
  const headers = input.headers ?? { 'content-type': 'application/json' }
  return { method: 'POST', headers, body: Buffer.from(input.body, 'latin1') }
}

function problemOf(status: number, type: string | null, text: string): string | undefined {
  if (status < 200 || status >= 500) return `status ${status}`
  if (!/^application\/(json|graphql-response\+json); charset=utf-8$/.test(type ?? '')) return `type ${type}`
  const body = parseObject(text)
  if (body === undefined) return 'not a JSON object'
  if (!('data' in body) && !Array.isArray(body['errors'])) return 'neither data nor errors'
  const codes = ((body['errors'] ?? []) as { extensions?: { code?: string } }[]).map(
    ({ extensions }) => extensions?.code,
  )
  const strange = codes.find((code) => code === 'INTERNAL_SERVER_ERROR' || !Object.hasOwn(ERROR_TABLE, code ?? ''))
  return strange === undefined && !codes.includes(undefined) ? undefined : `code ${strange}`
}

/** A client that breaks off may get no response; if it gets one, it must be as clean as any other. */
function problemOfRaw(response: string): string | undefined {
  if (response === '') return undefined
  const [head = '', ...rest] = response.split('\r\n\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1])
  if (/^HTTP\/1\.1 100 /.test(head)) return problemOfRaw(rest.join('\r\n\r\n'))
  if (Number.isNaN(status) || status >= 500) return `raw response ${head.slice(0, 60)}`
  if (/^content-length: 0|^HTTP\/1\.1 204/im.test(head) || rest.join('') === '') return undefined
  return /^content-type: application\//im.test(head) ? undefined : `raw response without JSON: ${head.slice(0, 200)}`
}

const RAW_WAIT_MS = 300

async function exchangeRaw(bytes: string, graphqlUrl: string): Promise<string> {
  const socket = connect(Number(new URL(graphqlUrl).port), '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => {})
  socket.setTimeout(RAW_WAIT_MS, () => socket.destroy())
  const closed = once(socket, 'close')
  socket.end(Buffer.from(bytes, 'latin1'))
  await closed
  return Buffer.concat(chunks).toString('latin1')
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

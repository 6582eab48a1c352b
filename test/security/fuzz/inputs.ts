import { grammarDocument, INPUT_FIELD_NAMES, OPERATIONS, tokenSoup } from './graphql-text.js'
import type { Random } from './random.js'

/** One input. Its text stands for bytes, one character each (latin1), so that a file can hold it. */
export type FuzzInput =
  /** The body of a POST. */
  | { readonly kind: 'body'; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  /** The query string of a GET. */
  | { readonly kind: 'get'; readonly search: string }
  /** Everything sent over the socket. */
  | { readonly kind: 'raw'; readonly bytes: string }

export function makeInput(random: Random, accountIds: readonly string[]): FuzzInput {
  const roll = random.next()
  if (roll < 0.3) return post(grammarDocument(random, accountIds), randomJson(random, 2))
  if (roll < 0.45) return post(tokenSoup(random), undefined)
  if (roll < 0.7) return post(random.oneOf(OPERATIONS), variablesOf(random, accountIds))
  if (roll < 0.8)
    return { kind: 'body', body: mutated(random, toBytes(JSON.stringify({ query: random.oneOf(OPERATIONS) }))) }
  if (roll < 0.85) return { kind: 'body', body: bytes(random, 200), headers: randomHeaders(random) }
  if (roll < 0.9) return { kind: 'body', body: toBytes(JSON.stringify(randomJson(random, 4)) ?? '') }
  if (roll < 0.95)
    return {
      kind: 'get',
      search: `?query=${encodeURIComponent(tokenSoup(random))}&${mutated(random, 'variables=%7B%7D&operationName=Q')}`,
    }
  return { kind: 'raw', bytes: mutated(random, rawRequest(random)) }
}

function post(query: string, variables: unknown): FuzzInput {
  return { kind: 'body', body: toBytes(JSON.stringify({ query, variables, operationName: 'Q' })) }
}

function variablesOf(random: Random, accountIds: readonly string[]): unknown {
  const accountId = accountIds[random.below(accountIds.length)]
  const key = { accountId, id: String(random.below(400)) }
  const cursor = Buffer.from(`1|${accountId}|${random.below(300)}|1|1|0`).toString('base64url')
  const v = random.oneOf<unknown>([
    accountId,
    [accountId],
    { ...key, [random.oneOf(INPUT_FIELD_NAMES)]: randomJson(random, 3) },
    [key],
    [{ __typename: 'PaymentLink', ...key }],
    cursor,
    randomText(random),
    randomJson(random, 4),
    random.below(200) - 20,
  ])
  return { v }
}

function randomJson(random: Random, depth: number): unknown {
  const roll = random.next()
  if (depth > 0 && roll < 0.2) return random.times(5, () => randomJson(random, depth - 1))
  if (depth > 0 && roll < 0.45) {
    const names = [
      'query',
      'variables',
      'extensions',
      'operationName',
      'constructor',
      'toString',
      'id',
      'keys',
      'length',
    ] as const
    return Object.fromEntries(random.times(5, () => [random.oneOf(names), randomJson(random, depth - 1)]))
  }
  return random.oneOf<unknown>([
    null,
    true,
    '',
    0,
    -1,
    1e21,
    2 ** 53,
    0.1,
    '2026-02-30T00:00:00Z',
    'http://[::1',
    randomText(random),
  ])
}

function randomText(random: Random): string {
  return random.times(20, () => String.fromCharCode(random.oneOf([random.below(128), random.below(65_536)]))).join('')
}

function randomHeaders(random: Random): Record<string, string> {
  const type = random.oneOf([
    'application/json',
    'application/json; charset=utf-16',
    'text/plain',
    'multipart/form-data',
    'a/b',
  ])
  const accept = random.oneOf([
    '*/*',
    'application/json',
    'text/html',
    ';;q=9',
    'application/graphql-response+json;q=0.1',
  ])
  return { 'content-type': type, accept }
}

function rawRequest(random: Random): string {
  const body = toBytes(JSON.stringify({ query: '{ __typename }' }))
  const line = random.oneOf([
    'POST /graphql HTTP/1.1',
    'GET /graphql?query={__typename} HTTP/1.1',
    'OPTIONS * HTTP/1.0',
    'PUT http://x/graphql HTTP/1.1',
  ])
  const length = random.oneOf([
    `content-length: ${body.length}`,
    'content-length: -1',
    'transfer-encoding: chunked',
    'content-length: 99',
  ])
  return [line, 'host: 127.0.0.1', 'connection: close', 'content-type: application/json', length, '', body].join('\r\n')
}

/** Changes, removes, doubles or inserts some bytes. */
function mutated(random: Random, text: string): string {
  let result = text
  for (let changes = 1 + random.below(4); changes > 0; changes -= 1) {
    const at = random.below(result.length + 1)
    const end = at + random.below(8)
    const middle = random.oneOf([bytes(random, 4), '', result.slice(at, end).repeat(2), '\u0000', '"', '\\', '\r\n'])
    result = result.slice(0, at) + middle + result.slice(end)
  }
  return result
}

function bytes(random: Random, max: number): string {
  return random.times(max, () => String.fromCharCode(random.below(256))).join('')
}

function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}

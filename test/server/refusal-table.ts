import { brotliCompressSync, gzipSync } from 'node:zlib'

export interface SentRequest {
  readonly method: string
  /** With the query string. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
}

export interface Refusal {
  readonly what: string
  readonly status: number
  /** The message, or a pattern for it. */
  readonly says: RegExp | string
  readonly sent: SentRequest
  readonly responseHeaders?: Readonly<Record<string, string>>
}

const JSON_TYPE = { 'content-type': 'application/json' }
const NO_PAGE = { 'apollo-require-preflight': '1' }
const HELLO = JSON.stringify({ query: '{ hello }' })
const WRITE = JSON.stringify({ query: 'mutation { write }' })
/** As bytes, because fetch sets a content type for text. */
const HELLO_BYTES = new Uint8Array(new TextEncoder().encode(HELLO))

/** Every request that is refused before GraphQL sees it, with the message. */
export const REFUSALS: readonly Refusal[] = [
  ...rows({ status: 404, says: 'There is nothing at this path; GraphQL is at /graphql.' }, [
    ['an unknown path', { method: 'GET', path: '/nowhere' }],
    ['a path that only starts like a known one', { method: 'GET', path: '/graphql/x' }],
    ['the root path', { method: 'GET', path: '/' }],
    ['JSON to an unknown path', { ...post(HELLO), path: '/nowhere' }],
    ['broken JSON to an unknown path', { ...post('{"query'), path: '/nowhere' }],
    [
      'a form to an unknown path',
      { ...post('a=b', { 'content-type': 'application/x-www-form-urlencoded' }), path: '/x' },
    ],
    ['an invalid content type to an unknown path', { ...post(HELLO, { 'content-type': 'json' }), path: '/x' }],
    ['a body over the limit to an unknown path', { ...post(' '.repeat(20_000)), path: '/x' }],
    ['an unknown path by DELETE', { ...bodied('DELETE', 'x'), path: '/graphql2' }],
  ]),
  ...rows({ status: 404, says: 'There is no page here (GRAPHIQL=off). GraphQL responses are application/json.' }, [
    ['a browser while the page is off', { ...get({ query: '{ hello }' }), headers: { accept: 'text/html' } }],
  ]),
  ...rows({ status: 400, says: 'The URL is malformed.' }, [
    ['a path with a broken escape', { method: 'GET', path: '/%zz' }],
  ]),

  ...rows({ status: 405, says: 'This path allows GET, POST only.', responseHeaders: { allow: 'GET, POST' } }, [
    ['PUT', bodied('PUT', HELLO)],
    ['PATCH', bodied('PATCH', HELLO)],
    ['PUT of broken JSON', bodied('PUT', '{"query')],
    ['PUT of nothing', bodied('PUT', '')],
    ['PUT of a form', { ...post('a=b', { 'content-type': 'application/x-www-form-urlencoded' }), method: 'PUT' }],
    ['PATCH with an invalid content type', { ...post(HELLO, { 'content-type': 'json' }), method: 'PATCH' }],
    ['PATCH of bytes without a content type', { ...post(HELLO_BYTES, {}), method: 'PATCH' }],
    ['PUT of a body over the limit', bodied('PUT', ' '.repeat(20_000))],
    ['PUT of an encoded body', { ...encoded('gzip', gzipSync(HELLO)), method: 'PUT' }],
    ['PUT that accepts HTML only', { ...post(HELLO, { ...JSON_TYPE, accept: 'text/html' }), method: 'PUT' }],
    ['DELETE with a body', bodied('DELETE', HELLO)],
    ['OPTIONS with a body', bodied('OPTIONS', HELLO)],
    ['PUT with a trailing slash', { ...bodied('PUT', HELLO), path: '/graphql/' }],
    ['PUT with parameters', { ...bodied('PUT', HELLO), path: '/graphql?query={hello}' }],
    ['DELETE', { method: 'DELETE', path: '/graphql' }],
    ['OPTIONS while no origin is allowed', { method: 'OPTIONS', path: '/graphql' }],
    ['a WebDAV method', { method: 'PROPFIND', path: '/graphql' }],
  ]),
  ...rows({ status: 405, says: /GET requests only support query operations/, responseHeaders: { allow: 'POST' } }, [
    ['a mutation by GET', get({ query: 'mutation { write }' })],
  ]),
  ...rows({ status: 405, says: 'This path allows GET, HEAD only.', responseHeaders: { allow: 'GET, HEAD' } }, [
    ['POST to a health route', { method: 'POST', path: '/health/live' }],
    ['a POST with a body to a health route', { ...post('{'), path: '/health/ready' }],
  ]),

  ...rows({ status: 406, says: 'Responses are application/json or application/graphql-response+json.' }, [
    ['a POST that accepts HTML only', post(HELLO, { ...JSON_TYPE, accept: 'text/html' })],
    ['an Accept that excludes every type', post(HELLO, { ...JSON_TYPE, accept: '*/*;q=0' })],
    ['a malformed Accept', post(HELLO, { ...JSON_TYPE, accept: ';;,' })],
    ['a mutation with an Accept for images', post(WRITE, { ...JSON_TYPE, accept: 'image/png' })],
  ]),

  ...rows({ status: 415, says: 'The body must be application/json in UTF-8, without a content encoding.' }, [
    ['a body without content type', post(HELLO_BYTES, {})],
    ['plain text', post(HELLO, { 'content-type': 'text/plain' })],
    ['a form', post('query={hello}', { 'content-type': 'application/x-www-form-urlencoded' })],
    ['a multipart form', post('--x--', { 'content-type': 'multipart/form-data; boundary=x' })],
    ['application/graphql', post('{ hello }', { 'content-type': 'application/graphql' })],
    ['the media type of GraphQL responses', post(HELLO, { 'content-type': 'application/graphql-response+json' })],
    ['an invalid content type', post(HELLO, { 'content-type': 'json' })],
  ]),
  ...rows({ status: 415, says: 'The body must be UTF-8.' }, [
    ['another charset', post(HELLO, { 'content-type': 'application/json; charset=utf-16' })],
    ['an unknown charset', post(HELLO, { 'content-type': 'application/json; charset=klingon' })],
  ]),
  ...rows(
    {
      status: 415,
      says: 'The body must not have a content encoding.',
      responseHeaders: { 'accept-encoding': 'identity' },
    },
    [
      ['a body in gzip', encoded('gzip', gzipSync(HELLO))],
      ['a body in brotli', encoded('br', brotliCompressSync(HELLO))],
      ['an unknown encoding', encoded('x-unknown', HELLO_BYTES)],
    ],
  ),
  ...rows({ status: 413, says: 'The body is too large.' }, [
    ['a body over the limit', post(JSON.stringify({ query: ' '.repeat(20_000) }))],
  ]),

  ...rows({ status: 400, says: /^The body is not valid JSON, or has a __proto__ or constructor\.prototype key/ }, [
    ['truncated JSON', post('{"query":"{ hello')],
    ['a body with a __proto__ key', post('{"query":"{ hello }","__proto__":{}}')],
  ]),
  ...rows({ status: 400, says: 'The body is not UTF-8.' }, [
    ['bytes that are not UTF-8', post(new Uint8Array([0x22, 0xff, 0x22]))],
  ]),
  ...expecting('a JSON object with a query, but got: ', [
    ['an empty body', '', 'nothing.'],
    ['a body of spaces', ' \r\n', 'nothing.'],
    ['JSON null', 'null', 'null.'],
    ['a JSON number', '1', 'a number.'],
    ['JSON text', '"{ hello }"', 'a string.'],
    ['JSON true', 'true', 'a boolean.'],
    ['an empty object', '{}', 'an object without keys.'],
    ['an array batch', `[${HELLO},${HELLO}]`, 'an array; send operations one by one.'],
    ['an empty array', '[]', 'an array; send operations one by one.'],
  ]),

  ...rows({ status: 400, says: /must contain a non-empty `query`/ }, [
    ['a body without a query', post('{"variables":{}}')],
    ['an empty query', post('{"query":""}')],
    ['a query that is null', post('{"query":null}')],
    ['a GET without a query', get({})],
  ]),
  ...rows({ status: 400, says: /^GraphQL queries must be strings\./ }, [
    ['a query that is an AST', post('{"query":{"kind":"Document"}}')],
    ['a query that is a number', post('{"query":1}')],
  ]),
  ...rows({ status: 400, says: /`variables` in a POST body (must|should) be .*an object/ }, [
    ['variables that are a list', post('{"query":"{hello}","variables":[1]}')],
    ['variables that are JSON as text', post('{"query":"{hello}","variables":"{}"}')],
    ['variables that are a number', post('{"query":"{hello}","variables":0}')],
    ['variables that are false', post('{"query":"{hello}","variables":false}')],
  ]),
  ...rows({ status: 400, says: /`extensions` in a POST body (must|should) be .*an object/ }, [
    ['extensions that are a list', post('{"query":"{hello}","extensions":[1]}')],
    ['extensions that are text', post('{"query":"{hello}","extensions":"x"}')],
  ]),
  ...rows({ status: 400, says: /`operationName` in a POST body must be a string/ }, [
    ['an operation name that is a number', post('{"query":"{hello}","operationName":0}')],
    ['an operation name that is an object', post('{"query":"{hello}","operationName":{}}')],
  ]),

  ...rows({ status: 400, says: /search parameter contains invalid JSON/ }, [
    ['variables in a GET that are not JSON', get({ query: '{hello}', variables: '{"a' })],
    ['extensions in a GET that are not JSON', get({ query: '{hello}', extensions: '{' })],
  ]),
  ...rows({ status: 400, says: /search parameter should contain a JSON-encoded object/ }, [
    ['variables in a GET that are a list', get({ query: '{hello}', variables: '[1]' })],
    ['extensions in a GET that are text', get({ query: '{hello}', extensions: '"x"' })],
  ]),
  ...rows({ status: 400, says: /'query' search parameter may only be specified once/ }, [
    ['two queries in a GET', { method: 'GET', path: '/graphql?query={hello}&query={hello}', headers: NO_PAGE }],
  ]),
  ...rows({ status: 400, says: /potential Cross-Site Request Forgery .* apollo-require-preflight$/ }, [
    ['a GET that a page can send without a preflight', { method: 'GET', path: '/graphql?query={hello}' }],
    ['a POST without content type or body', { method: 'POST', path: '/graphql' }],
  ]),
]

type Row = readonly [what: string, sent: SentRequest]

function rows(response: Omit<Refusal, 'what' | 'sent'>, sent: readonly Row[]): Refusal[] {
  return sent.map(([what, request]) => ({ what, sent: request, ...response }))
}

function expecting(what: string, bodies: readonly (readonly [what: string, body: string, got: string])[]): Refusal[] {
  return bodies.flatMap(([name, body, got]) => {
    return rows({ status: 400, says: `The body must be ${what}${got}` }, [[name, post(body)]])
  })
}

function post(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = JSON_TYPE,
): SentRequest {
  return { method: 'POST', path: '/graphql', headers, body }
}

function bodied(method: string, body: string): SentRequest {
  return { ...post(body), method }
}

function encoded(encoding: string, body: Uint8Array): SentRequest {
  return post(new Uint8Array(body), { ...JSON_TYPE, 'content-encoding': encoding })
}

function get(parameters: Readonly<Record<string, string>>): SentRequest {
  return { method: 'GET', path: `/graphql?${new URLSearchParams(parameters)}`, headers: NO_PAGE }
}

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GatewayResponse, startGatewayOver, startTestGateway } from '../../support/gateway.js'
import { SAMPLE_ACCOUNT } from '../../support/sample-operations.js'
import { type Answering, CREDENTIALS, withUpstream } from '../../support/with-upstream.js'

/** The items of the OWASP API Security Top 10 (2023) that are about other servers, each attacked over real sockets. */
const ENV = {
  SINGAPAY_API_KEY: CREDENTIALS.apiKey,
  SINGAPAY_CLIENT_ID: CREDENTIALS.clientId,
  SINGAPAY_CLIENT_SECRET: CREDENTIALS.clientSecret,
  UPSTREAM_TIMEOUT_MS: '3000',
}
const PAGE = `{ paymentLinks(accountId: "${SAMPLE_ACCOUNT}", first: 50) { totalCount nodes { id title totalAmount items { name } optionalMetadata } } }`

interface Page {
  readonly paymentLinks: {
    readonly nodes: readonly ({
      readonly id: string
      readonly title: string
      readonly optionalMetadata: unknown
    } | null)[]
  }
}

/** Reads a page of links from an upstream that gives the given response. */
async function pageOver(
  response: Answering,
  run: (page: GatewayResponse<Page>) => void | Promise<void>,
): Promise<void> {
  await withUpstream({ answer: response }, async ({ origin }) => {
    const gateway = await startGatewayOver(origin, ENV)
    try {
      await run(await gateway.request<Page, never>(PAGE))
    } finally {
      await gateway.stop()
    }
  })
}

const rowText = (id: number, more = ''): string =>
  `{"id":${id},"reff_no":"R-${id}","title":"t","status":"open","required_customer_detail":true,"max_usage":5,"current_usage":0,` +
  `"total_amount":"1000.00","created_at":"2026-05-08T14:30:00+07:00"${more}}`
const listText = (rows: readonly string[], links = '{}'): string =>
  `{"status":200,"success":true,"data":[${rows.join(',')}],"pagination":{"total":${rows.length},"perPage":100,"currentPage":1,"totalPages":1,"links":${links}}}`

describe('API7:2023 server side request forgery', () => {
  let visits: string[] = []
  const canary = createServer((request, response) => {
    visits.push(request.url ?? '')
    response.end('{}')
  })
  let canaryUrl: string
  beforeAll(async () => {
    await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
    canaryUrl = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`
  })
  afterEach(() => {
    visits = []
  })
  afterAll(async () => {
    canary.closeAllConnections()
    await new Promise((resolve) => canary.close(resolve))
  })

  it('URLs that a caller writes into a link are stored but never requested', async () => {
    const gateway = await startTestGateway()
    try {
      const [link] = gateway.sandbox.linksOf(SAMPLE_ACCOUNT)
      const input = `accountId: "${SAMPLE_ACCOUNT}", id: "${link?.id}", redirectUrl: "${canaryUrl}/a", optionalMetadata: { callback: "${canaryUrl}/b" }`
      const { text } = await gateway.request(
        `mutation { updatePaymentLink(input: { ${input} }) { paymentLink { redirectUrl optionalMetadata } userErrors { code } } }`,
      )
      expect(text).toContain(`${canaryUrl}/a`)
      expect(visits).toEqual([])
    } finally {
      await gateway.stop()
    }
  })

  it('a redirect from the upstream is not followed', async () => {
    const redirect: Answering = (_call, response) =>
      response.writeHead(302, { location: `${canaryUrl}/c` }).end() && undefined
    await pageOver(redirect, ({ errors }) => {
      expect(errors?.[0]?.extensions.code).toBe('UPSTREAM_MALFORMED')
      expect(visits).toEqual([])
    })
  })

  it('the next page is requested by its number, whatever URL the response returns', async () => {
    const links = JSON.stringify({ next: `${canaryUrl}/d?page=2`, previous: `${canaryUrl}/e` })
    const answer: Answering = ({ path }, response) => {
      const first = !path.includes('page=2')
      const text = listText([rowText(first ? 2 : 1)], links).replace('"totalPages":1', '"totalPages":2')
      response.end(text.replace('"total":1', '"total":2').replace('"perPage":100', '"perPage":1'))
    }
    await pageOver(answer, ({ data }) => {
      expect(data?.paymentLinks.nodes.map((node) => node?.id)).toEqual(['2', '1'])
      expect(visits).toEqual([])
    })
  })

  it.each([
    'payment-methods',
    '../access-token',
    '..%2f..',
    '//evil.example',
    '\\\\evil',
    'http://evil.example/',
    ' ',
    '%00',
  ])('an id that would lead to another route is refused: %s', async (id) => {
    await withUpstream(
      { answer: (_call, response) => void response.end('{}') },
      async ({ origin, calls, tokenCalls }) => {
        const gateway = await startGatewayOver(origin, ENV)
        try {
          const query = 'query ($id: ID!) { account(id: $id) { name } paymentLink(accountId: $id, id: $id) { id } }'
          const { errors } = await gateway.request(query, { id })
          expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT'])
          expect([calls.length, tokenCalls.length]).toEqual([0, 0])
        } finally {
          await gateway.stop()
        }
      },
    )
  })
})

describe('API10:2023 unsafe consumption of APIs', () => {
  const HOSTILE: readonly (readonly [string, Answering])[] = [
    ['a page of HTML', (_call, response) => void response.end('<html><script>alert(1)</script></html>')],
    ['text instead of an object', (_call, response) => void response.end('"text"')],
    ['an empty response', (_call, response) => void response.writeHead(204).end()],
    ['success without data', (_call, response) => void response.end('{"success":true}')],
    ['an object instead of a list', (_call, response) => void response.end('{"success":true,"data":{"length":1e9}}')],
    ['an invalid HTTP status', (_call, response) => void response.socket?.end('HTTP/1.1 99 What\r\n\r\n')],
    [
      'a header of 100 kB',
      (_call, response) => void response.writeHead(200, { 'x-much': 'a'.repeat(100_000) }).end(listText([])),
    ],
    [
      'two content lengths',
      (_call, response) =>
        void response.socket?.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 9\r\n\r\n{}'),
    ],
    [
      'ten megabytes',
      (_call, response) => void response.end(listText([rowText(1).replace('"t"', `"${'t'.repeat(10_000_000)}"`)])),
    ],
    [
      'fifty megabytes in a small gzip',
      (_call, response) =>
        void response
          .writeHead(200, { 'content-encoding': 'gzip' })
          .end(gzipSync(listText([rowText(1).replace('"t"', `"${'a'.repeat(50_000_000)}"`)]))),
    ],
    [
      'bytes that are not UTF-8',
      (_call, response) =>
        void response.end(Buffer.from(listText([rowText(1).replace('"t"', '"caf\u00e9"')]), 'latin1')),
    ],
    ['a megabyte of brackets', (_call, response) => void response.end('['.repeat(1_000_000))],
  ]

  it.each(HOSTILE)('returns UPSTREAM_MALFORMED and nothing worse for %s', async (_what, response) => {
    await pageOver(response, ({ status, data, errors, text }) => {
      expect([status, data]).toEqual([200, { paymentLinks: null }])
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_MALFORMED'])
      expect(text).not.toMatch(/script|alert|127\.0\.0\.1|t{9}|a{9}/)
    })
  })

  const deepList = (levels: number) => `,"optional_metadata":{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`
  const deepMap = (levels: number) => `,"optional_metadata":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
  it.each([
    ['metadata of 600 nested lists', 'optionalMetadata', deepList(600)],
    ['metadata of 5,000 nested lists', 'optionalMetadata', deepList(5_000)],
    ['metadata of 500,000 nested maps', 'optionalMetadata', deepMap(500_000)],
    [
      'metadata of 5,000 lists beside a number that no double holds',
      'optionalMetadata',
      `${deepList(5_000).slice(0, -1)},"b":12345678901234567890}`,
    ],
    [
      'items of 100,000 nested lists',
      'items',
      `,"optional_metadata":null,"items":${'['.repeat(100_000)}${']'.repeat(100_000)}`,
    ],
  ])('%s makes only its own field null', async (_what, field, more) => {
    await pageOver(
      (_call, response) => void response.end(listText([rowText(2, ',"optional_metadata":null'), rowText(1, more)])),
      ({ status, data, errors }) => {
        expect([status, data?.paymentLinks.nodes.map((node) => node?.id ?? null)]).toEqual([200, ['2', '1']])
        expect(data?.paymentLinks.nodes[1]).toMatchObject({ [field]: null })
        expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
          [['paymentLinks', 'nodes', 1, field], 'UPSTREAM_MALFORMED'],
        ])
      },
    )
  })

  it.each([
    ['an amount of 100,000 digits', `,"total_amount":"1${'0'.repeat(100_000)}"`],
    ['an amount larger than any double', ',"total_amount":1e999999'],
    ['a usage that is not a number', ',"max_usage":"Infinity"'],
  ])('%s makes only its own row null', async (_what, more) => {
    await pageOver(
      (_call, response) => void response.end(listText([rowText(2, ',"optional_metadata":null'), rowText(1, more)])),
      ({ status, data, errors }) => {
        expect([status, data?.paymentLinks.nodes.map((node) => node?.id ?? null)]).toEqual([200, ['2', null]])
        expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
          [['paymentLinks', 'nodes', 1], 'UPSTREAM_MALFORMED'],
        ])
      },
    )
  })

  it('metadata of 500 levels is read and returned', async () => {
    await pageOver(
      (_call, response) => void response.end(listText([rowText(1, deepMap(500))])),
      ({ data, errors }) => {
        expect(errors).toBeUndefined()
        expect(JSON.stringify(data?.paymentLinks.nodes[0]?.optionalMetadata)).toBe(deepMap(500).slice(21))
      },
    )
  })

  it('keys named __proto__ and constructor are ordinary keys', async () => {
    const keys =
      ',"__proto__":{"title":"polluted"},"optional_metadata":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'
    await pageOver(
      (_call, response) => void response.end(listText([rowText(1, keys)])),
      ({ data, text }) => {
        expect(data?.paymentLinks.nodes[0]?.title).toBe('t')
        expect(text).toContain(
          '"optionalMetadata":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
        )
        expect((Object.prototype as { polluted?: number }).polluted).toBeUndefined()
      },
    )
  })

  it('an error message of the upstream is never passed on', async () => {
    const body = JSON.stringify({
      success: false,
      error: { code: 500, message: 'SQLSTATE[42S02] at /var/www/app.php token=s3cret' },
    })
    await pageOver(
      (_call, response) => void response.writeHead(418, { 'content-type': 'application/json' }).end(body),
      ({ errors, text }) => {
        expect(errors?.[0]?.extensions.code).toBe('UPSTREAM_REJECTED')
        expect(text).not.toMatch(/SQLSTATE|var\/www|s3cret/)
      },
    )
  })
})

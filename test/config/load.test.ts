import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Environment, loadSettings } from '../../src/config/load.js'
import { SETTINGS, type Setting } from '../../src/config/settings.js'

const SANDBOX = { SINGAPAY_BASE_URL: 'sandbox' }
const ORIGIN = {
  SINGAPAY_BASE_URL: 'https://sandbox-payment-b2b.singapay.id',
  SINGAPAY_API_KEY: 'key',
  SINGAPAY_CLIENT_ID: 'id',
  SINGAPAY_CLIENT_SECRET: 'secret',
  AUTH_MODE: 'none',
}

function settingsOf(env: Environment) {
  const loaded = loadSettings(env)
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'))
  return loaded.settings
}

function problemsOf(env: Environment): readonly string[] {
  const loaded = loadSettings(env)
  return loaded.ok ? [] : loaded.problems
}

describe('settings', () => {
  it('has the documented defaults with the sandbox', () => {
    expect(settingsOf(SANDBOX)).toEqual({
      host: '127.0.0.1',
      port: 4000,
      upstream: { kind: 'sandbox' },
      tokenVersion: '1.1',
      upstreamReadTransport: 'got',
      callers: { mode: 'none' },
      upstreamTimeoutMs: 5_000,
      requestTimeoutMs: 10_000,
      upstreamMaxConcurrency: 64,
      cacheTtlMs: 2_000,
      maxBodyBytes: 1_048_576,
      maxTokens: 4_000,
      maxDepth: 12,
      maxAliases: 60,
      maxRootFields: 60,
      maxDirectives: 50,
      maxKeys: 100,
      maxUpstreamCalls: 200,
      maxAnswerBytes: 33_554_432,
      maxMetadataBytes: 16_384,
      rateLimitPerMinute: undefined,
      trustedDocuments: undefined,
      corsOrigins: [],
      graphiql: true,
      introspection: true,
      logLevel: 'info',
    })
  })

  it('reads every setting', () => {
    const given = {
      ...ORIGIN,
      HOST: '::1',
      PORT: '0',
      SINGAPAY_BASE_URL: 'http://127.0.0.1:4010/',
      SINGAPAY_TOKEN_VERSION: '1.0',
      UPSTREAM_TIMEOUT_MS: '1',
      REQUEST_TIMEOUT_MS: '2',
      UPSTREAM_MAX_CONCURRENCY: '3',
      UPSTREAM_READ_TRANSPORT: 'got',
      CACHE_TTL_MS: '0',
      CACHE_STALE_MS: '0',
      MAX_BODY_BYTES: '4',
      MAX_TOKENS: '7',
      MAX_DEPTH: '8',
      MAX_ALIASES: '0',
      MAX_ROOT_FIELDS: '9',
      MAX_DIRECTIVES: '10',
      MAX_KEYS: '5',
      MAX_UPSTREAM_CALLS: '11',
      RATE_LIMIT_PER_MINUTE: '12',
      TRUSTED_DOCUMENTS: 'schema/operations',
      TRUSTED_DOCUMENTS_MODE: 'log',
      MAX_ANSWER_BYTES: '13',
      MAX_METADATA_BYTES: '6',
      CORS_ORIGINS: 'https://a.example, http://localhost:3000',
      GRAPHIQL: 'off',
      INTROSPECTION: 'off',
      LOG_LEVEL: 'silent',
    }
    expect(settingsOf(given)).toEqual({
      host: '::1',
      port: 0,
      upstream: {
        kind: 'origin',
        origin: 'http://127.0.0.1:4010',
        credentials: { apiKey: 'key', clientId: 'id', clientSecret: 'secret' },
      },
      tokenVersion: '1.0',
      upstreamReadTransport: 'got',
      callers: { mode: 'none' },
      upstreamTimeoutMs: 1,
      requestTimeoutMs: 2,
      upstreamMaxConcurrency: 3,
      cacheTtlMs: 0,
      maxBodyBytes: 4,
      maxTokens: 7,
      maxDepth: 8,
      maxAliases: 0,
      maxRootFields: 9,
      maxDirectives: 10,
      maxKeys: 5,
      maxUpstreamCalls: 11,
      maxAnswerBytes: 13,
      maxMetadataBytes: 6,
      rateLimitPerMinute: 12,
      trustedDocuments: { folder: 'schema/operations', mode: 'log' },
      corsOrigins: ['https://a.example', 'http://localhost:3000'],
      graphiql: false,
      introspection: false,
      logLevel: 'silent',
    })
  })

  it('freezes the settings', () => {
    const settings = settingsOf(ORIGIN)
    const parts = [settings, settings.upstream, settings.corsOrigins, settings.callers]
    expect(parts.every(Object.isFrozen)).toBe(true)
  })

  it('treats an empty value as unset', () => {
    const emptied = Object.fromEntries(Object.values<Setting<unknown>>(SETTINGS).map(({ name }) => [name, '']))
    expect(settingsOf({ ...emptied, ...SANDBOX })).toEqual(settingsOf(SANDBOX))
  })
})

describe('problems with the settings', () => {
  it('reports TRUSTED_DOCUMENTS_MODE without TRUSTED_DOCUMENTS', () => {
    expect(problemsOf({ ...SANDBOX, TRUSTED_DOCUMENTS_MODE: 'log' })).toEqual([
      'TRUSTED_DOCUMENTS_MODE: has no effect without TRUSTED_DOCUMENTS; expected the path of a folder there',
    ])
  })

  it('reports every problem at once: the name, what was expected and what it got', () => {
    expect(
      problemsOf({
        HOST: 'a b',
        PORT: '4e3',
        AUTH_MODE: 'open',
        LOG_LEVEL: 'loud',
        ADMIN_PORT: '3',
        CORS_ORIGINS: '*',
        CACHE_TTL_MS: `${'9'.repeat(59)}😀`,
      }),
    ).toEqual([
      'HOST: expected an IP address or a host name, without port or brackets, but got "a b"',
      'PORT: expected a whole number from 0 to 65535, but got "4e3"',
      'ADMIN_PORT is not available in this version',
      'AUTH_MODE: expected "none" or "jwt" or "passthrough", but got "open"',
      expect.stringMatching(/^CACHE_TTL_MS: .*, but got "9{59}…"$/),
      expect.stringMatching(/^CORS_ORIGINS: expected web origins .*, but got "\*"$/),
      'LOG_LEVEL: expected "silent" or "error" or "warn" or "info" or "debug", but got "loud"',
      expect.stringMatching(/^SINGAPAY_BASE_URL: is required; expected the word "sandbox" or an https origin/),
    ])
  })

  it.each([
    'https://sandbox-payment-b2b.singapay.id/api',
    'https://sandbox-payment-b2b.singapay.id?x=1',
    'https://sandbox-payment-b2b.singapay.id#x',
    'http://sandbox-payment-b2b.singapay.id',
    'http://127.0.0.1.example',
    'https:sandbox-payment-b2b.singapay.id',
    'ftp://sandbox-payment-b2b.singapay.id',
    'sandbox-payment-b2b.singapay.id',
    'https://',
    'https://a b',
    'Sandbox',
    ' sandbox',
  ])('refuses %j as the upstream', (url) => {
    expect(problemsOf({ ...ORIGIN, SINGAPAY_BASE_URL: url })).toEqual([
      expect.stringMatching(/^SINGAPAY_BASE_URL: expected /),
    ])
  })

  it.each(['http://localhost:4010', 'http://127.1.2.3', 'http://[::1]:80', 'HTTPS://API.example'])(
    'accepts %s as the upstream',
    (url) => {
      expect(problemsOf({ ...ORIGIN, SINGAPAY_BASE_URL: url })).toEqual([])
    },
  )

  it('requires credentials and AUTH_MODE with a real upstream', () => {
    const names = problemsOf({ SINGAPAY_BASE_URL: ORIGIN.SINGAPAY_BASE_URL }).map((problem) => problem.split(':')[0])
    expect(names).toEqual(['SINGAPAY_API_KEY', 'SINGAPAY_CLIENT_ID', 'SINGAPAY_CLIENT_SECRET', 'AUTH_MODE'])
  })

  it.each(['0.0.0.0', '::', '10.0.0.1', 'gateway.example', '::ffff:127.0.0.1', '128.0.0.1'])(
    'refuses a real upstream without authentication on %s',
    (host) => {
      expect(problemsOf({ ...ORIGIN, HOST: host })).toEqual([
        expect.stringMatching(/^AUTH_MODE: "none" lets in everyone/),
      ])
      expect(problemsOf({ ...SANDBOX, HOST: host })).toEqual([])
    },
  )

  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost'])(
    'allows a real upstream without authentication on %s',
    (host) => {
      expect(problemsOf({ ...ORIGIN, HOST: host })).toEqual([])
    },
  )

  it('reports UPSTREAM_READ_TRANSPORT=undici as not available', () => {
    const problems = problemsOf({ ...SANDBOX, UPSTREAM_READ_TRANSPORT: 'undici' })
    expect(problems).toEqual(['UPSTREAM_READ_TRANSPORT=undici is not available in this version'])
  })

  it.each([
    'ADMIN_PORT',
    'CACHE_STALE_MS',
    'REDIS_URL',
    'SINGAPAY_BASE_PATH',
    'SINGAPAY_EXTRA_HEADERS',
    'UPSTREAM_RATE_PER_MINUTE',
    'MAX_IN_FLIGHT',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
  ])('reports %s as not available, whatever its value', (name) => {
    expect(problemsOf({ ...SANDBOX, [name]: '17' })).toEqual([`${name} is not available in this version`])
  })

  it.each([
    'SINGAPAY_BASEURL',
    'SINGAPAY_APIKEY',
    'SINGAPAY',
    'singapay_api_key',
    'TRUSTED_DOCUMENT',
    'TRUSTED_DOCS_MODE',
  ])('reports the misspelt setting %s, without its value', (name) => {
    const [problem = '', ...others] = problemsOf({ ...SANDBOX, [name]: 'hush' })
    expect(problem).toMatch(
      new RegExp(`^${name}: is not a setting; expected one of SINGAPAY_BASE_URL, .*TRUSTED_DOCUMENTS_MODE$`),
    )
    expect([problem.includes('hush'), others]).toEqual([false, []])
    expect(problemsOf({ ...SANDBOX, [name]: '' })).toEqual([])
  })

  it('ignores names that may belong to other programs', () => {
    const others = {
      HOSTNAME: 'x',
      PORTS: '1',
      LOGLEVEL: 'x',
      JWT_EXPIRY: '1',
      OTEL_SERVICE_NAME: 'x',
      MY_SINGAPAY_URL: 'x',
    }
    expect(problemsOf({ ...SANDBOX, ...others })).toEqual([])
  })

  it('reports problems with what settings point at together with the others', () => {
    const seen: unknown[] = []
    const probes = {
      trustedDocuments: (folder: string) => [`${seen.push(folder)} is wrong`],
      graphiql: (isOn: boolean) => [`${seen.push(isOn)} is wrong`],
    }
    const given = { ...SANDBOX, PORT: 'x', TRUSTED_DOCUMENTS: 'here' }
    const problems = [expect.stringMatching(/^PORT: /), 'TRUSTED_DOCUMENTS: 1 is wrong', 'GRAPHIQL: 2 is wrong']
    expect(loadSettings(given, probes)).toEqual({ ok: false, problems })
    expect(seen).toEqual(['here', true])
    expect(loadSettings(SANDBOX, { ...probes, graphiql: () => [] })).toMatchObject({ ok: true })
  })

  it('never prints a secret or a password in a URL', () => {
    const hidden = 'hush-hush'
    const wrong = `${hidden} with spaces`
    const secrets = Object.values<Setting<unknown>>(SETTINGS).filter(({ isSecret }) => isSecret === true)
    expect(secrets.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'SINGAPAY_API_KEY',
        'SINGAPAY_CLIENT_ID',
        'SINGAPAY_CLIENT_SECRET',
        'JWT_SECRET',
        'REDIS_URL',
      ]),
    )
    const env = {
      ...Object.fromEntries(secrets.map(({ name }) => [name, wrong])),
      SINGAPAY_BASE_URL: `https://user:${hidden}@api.example`,
    }
    const problems = problemsOf(env)
    expect(problems.length).toBeGreaterThan(secrets.length)
    expect(problems.join('\n')).not.toContain(hidden)
  })

  it('quotes an invalid value on one line and shortened', () => {
    const [problem = ''] = problemsOf({ ...SANDBOX, PORT: `\n${'9'.repeat(500)}` })
    expect(problem).not.toContain('\n')
    expect(problem.length).toBeLessThan(200)
  })
})

describe('an invalid value', () => {
  const defaulted = Object.entries<Setting<unknown>>(SETTINGS).filter(([, { default: value }]) => value !== undefined)
  const defaults: Readonly<Record<string, unknown>> = { ...settingsOf(SANDBOX) }

  it.each(defaulted)('never falls back to the default of %s', (key, setting) => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String), fc.integer().map(String)), (text) => {
        const loaded = loadSettings({ ...SANDBOX, [setting.name]: text })
        if (!loaded.ok || text === '' || text === setting.default) return
        // An accepted value has to equal the text.
        const value = loaded.settings[key as 'port']
        expect(String(value)).toBe(text)
        expect(value).not.toEqual(defaults[key])
      }),
      { numRuns: 300 },
    )
  })

  it('refuses a number that is not whole, decimal and in range', () => {
    const wrong = [
      '-1',
      '+1',
      '1.0',
      '1e3',
      '0x10',
      '01',
      ' 1',
      '1 ',
      '1_000',
      '٣',
      'NaN',
      'Infinity',
      '65536',
      '9'.repeat(30),
    ]
    for (const text of wrong) expect(problemsOf({ ...SANDBOX, PORT: text })).toHaveLength(1)
  })
})

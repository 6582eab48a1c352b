import {
  folder,
  type Kind,
  keySetUrl,
  listenHost,
  notYet,
  oneOf,
  onOff,
  publicKey,
  sharedSecret,
  upstreamPlace,
  visibleText,
  webOrigins,
  wholeNumber,
} from './kinds.js'

/** One environment variable. */
export interface Setting<T> {
  readonly name: string
  readonly kind: Kind<T>
  /** As it would be written in the environment; read by the same rules as a given value. */
  readonly default?: string
  /** One or two sentences for a person; the docs and `.env.example` are made of them. */
  readonly about: string
  /** Never printed, not even when it is wrong. */
  readonly isSecret?: boolean
  /** False: the contract knows it, this version does not; setting it stops the start. */
  readonly isBuilt?: boolean
}

/** Every setting there is, in the order of the docs. */
export const SETTINGS = {
  host: {
    name: 'HOST',
    kind: listenHost(),
    default: '127.0.0.1',
    about: 'The address to listen on; `localhost` means 127.0.0.1.',
  },
  port: {
    name: 'PORT',
    kind: wholeNumber(0, 65_535),
    default: '4000',
    about: 'The port to listen on; `0` takes any free one.',
  },
  adminPort: later('ADMIN_PORT', 'Where metrics are served.'),
  upstream: {
    name: 'SINGAPAY_BASE_URL',
    kind: upstreamPlace(),
    about:
      "The payment-link API's origin, without `/api`; or the word `sandbox` for the embedded, made-up one. " +
      'Required; `npm start` passes `sandbox` when neither it nor a credential is set.',
  },
  apiKey: {
    name: 'SINGAPAY_API_KEY',
    kind: visibleText(),
    about:
      "The merchant's API key (the upstream's `X-PARTNER-ID`). Required with an origin unless `AUTH_MODE=passthrough`.",
    isSecret: true,
  },
  clientId: {
    name: 'SINGAPAY_CLIENT_ID',
    kind: visibleText(),
    about: "The merchant's client id. Required with an origin unless `AUTH_MODE=passthrough`.",
    isSecret: true,
  },
  clientSecret: {
    name: 'SINGAPAY_CLIENT_SECRET',
    kind: visibleText(),
    about: "The merchant's client secret. Required with an origin unless `AUTH_MODE=passthrough`.",
    isSecret: true,
  },
  tokenVersion: {
    name: 'SINGAPAY_TOKEN_VERSION',
    kind: oneOf(['1.1', '1.0']),
    default: '1.1',
    about: 'The access-token route: `1.1` signs, `1.0` sends Basic credentials.',
  },
  basePath: later('SINGAPAY_BASE_PATH', 'A path before `/api`, for a forwarding proxy.'),
  extraHeaders: later('SINGAPAY_EXTRA_HEADERS', 'Fixed headers of each call, for a forwarding proxy.', {
    isSecret: true,
  }),
  authMode: {
    name: 'AUTH_MODE',
    kind: oneOf(['none', 'jwt', 'passthrough']),
    about:
      'Who may call (docs/callers.md). `none`: everybody who reaches the port, only on a loopback `HOST` or with the ' +
      "sandbox. `jwt`: who has a token, within its claims. `passthrough`: who the upstream lets in, with the caller's " +
      'own credentials. Defaults to `none` with the sandbox, else required.',
  },
  jwtJwksUrl: {
    name: 'JWT_JWKS_URL',
    kind: keySetUrl(),
    about: "Where the callers' public keys are published as a JSON Web Key Set. One of the three keys with `jwt`.",
  },
  jwtPublicKey: {
    name: 'JWT_PUBLIC_KEY',
    kind: publicKey(),
    about: "The callers' public key; its kind fixes the algorithms. One of the three keys with `jwt`.",
    // It is none, but whoever puts a private key here must not find it in a log.
    isSecret: true,
  },
  jwtSecret: {
    name: 'JWT_SECRET',
    kind: sharedSecret(32),
    about:
      "The secret that the callers' tokens are signed with (HS256, HS384, HS512). One of the three keys with `jwt`.",
    isSecret: true,
  },
  jwtIssuer: {
    name: 'JWT_ISSUER',
    kind: visibleText(),
    about: "The issuer (`iss`) of the callers' tokens. Required with `jwt`.",
  },
  jwtAudience: {
    name: 'JWT_AUDIENCE',
    kind: visibleText(),
    about: "The audience (`aud`) that the callers' tokens must name. Required with `jwt`.",
  },
  upstreamTimeoutMs: {
    name: 'UPSTREAM_TIMEOUT_MS',
    kind: wholeNumber(1, 600_000),
    default: '5000',
    about: 'One upstream attempt, until its last byte, in milliseconds.',
  },
  requestTimeoutMs: {
    name: 'REQUEST_TIMEOUT_MS',
    kind: wholeNumber(1, 600_000),
    default: '10000',
    about: 'One GraphQL request, end to end, in milliseconds. A write whose first byte went out is never cancelled.',
  },
  upstreamMaxConcurrency: {
    name: 'UPSTREAM_MAX_CONCURRENCY',
    kind: wholeNumber(1, 10_000),
    default: '64',
    about: 'Calls at once to the upstream; a bounded queue waits behind them.',
  },
  upstreamReadTransport: {
    name: 'UPSTREAM_READ_TRANSPORT',
    kind: oneOf(['got'], ['undici']),
    default: 'got',
    about: 'The HTTP client that reads.',
  },
  cacheTtlMs: {
    name: 'CACHE_TTL_MS',
    kind: wholeNumber(0, 86_400_000),
    default: '2000',
    about: 'How old a cached upstream answer may be, in milliseconds; `0` turns the cache off.',
  },
  cacheStaleMs: later('CACHE_STALE_MS', 'How much older an answer may be while the upstream is down.', { off: '0' }),
  upstreamRatePerMinute: later(
    'UPSTREAM_RATE_PER_MINUTE',
    'Calls of one credential that may leave for the upstream within a minute.',
  ),
  maxInFlight: later('MAX_IN_FLIGHT', 'GraphQL requests at once; beyond it they are shed.'),
  tracesEndpoint: later('OTEL_EXPORTER_OTLP_ENDPOINT', 'Where traces are sent.'),
  redisUrl: later('REDIS_URL', 'What several instances share.', { isSecret: true }),
  maxBodyBytes: {
    name: 'MAX_BODY_BYTES',
    kind: wholeNumber(1, 67_108_864),
    default: '1048576',
    about: 'The largest request body, in bytes; answered with 413 beyond that.',
  },
  maxTokens: {
    name: 'MAX_TOKENS',
    kind: wholeNumber(1, 100_000),
    default: '4000',
    about: 'Tokens of one document, comments included; counted before it is parsed.',
  },
  maxDepth: {
    name: 'MAX_DEPTH',
    kind: wholeNumber(1, 100),
    default: '12',
    about: 'Fields below one another in one operation; introspection has a limit of its own.',
  },
  maxAliases: {
    name: 'MAX_ALIASES',
    kind: wholeNumber(0, 10_000),
    default: '60',
    about: 'Aliases in one operation, and fields repeated beside themselves; a fragment counts wherever it is spread.',
  },
  maxRootFields: {
    name: 'MAX_ROOT_FIELDS',
    kind: wholeNumber(1, 10_000),
    default: '60',
    about: 'Fields at the top of one operation.',
  },
  maxDirectives: {
    name: 'MAX_DIRECTIVES',
    kind: wholeNumber(0, 10_000),
    default: '50',
    about: 'Directives in one operation; a fragment counts wherever it is spread.',
  },
  maxKeys: {
    name: 'MAX_KEYS',
    kind: wholeNumber(1, 10_000),
    default: '100',
    about:
      'Keys in one list of `paymentLinksByKeys` or `accountsByIds`; `_entities` takes ten times as many references.',
  },
  maxUpstreamCalls: {
    name: 'MAX_UPSTREAM_CALLS',
    kind: wholeNumber(1, 100_000),
    default: '200',
    about:
      'Upstream calls that one request may cause, by its static cost (docs/limits.md) and by count; 1000 in a supergraph.',
  },
  maxAnswerBytes: {
    name: 'MAX_ANSWER_BYTES',
    kind: wholeNumber(1, 1_099_511_627_776),
    default: '33554432',
    about:
      'The largest answer that one operation may ask for, in bytes, by its static cost (docs/limits.md): each ' +
      '`optionalMetadata` counts as `MAX_METADATA_BYTES`.',
  },
  maxMetadataBytes: {
    name: 'MAX_METADATA_BYTES',
    kind: wholeNumber(2, 67_108_864),
    default: '16384',
    about: 'The largest `optionalMetadata` of a link, in bytes of JSON.',
  },
  rateLimitPerMinute: {
    name: 'RATE_LIMIT_PER_MINUTE',
    kind: wholeNumber(1, 1_000_000),
    about: 'Requests of one caller within a minute; answered with 429 beyond that. Unset: any number.',
  },
  trustedDocuments: {
    name: 'TRUSTED_DOCUMENTS',
    kind: folder(),
    about: 'The only operations that are served: every `*.graphql` below this folder. Unset: any operation.',
  },
  trustedDocumentsMode: {
    name: 'TRUSTED_DOCUMENTS_MODE',
    kind: oneOf(['enforce', 'log']),
    about:
      'What becomes of other operations: `enforce` refuses them, `log` serves them and writes a warning. ' +
      'Defaults to `enforce`; only with `TRUSTED_DOCUMENTS`.',
  },
  corsOrigins: {
    name: 'CORS_ORIGINS',
    kind: webOrigins(),
    about: 'Web pages that may call from a browser, by exact origin. Unset: none.',
  },
  graphiql: {
    name: 'GRAPHIQL',
    kind: onOff(),
    default: 'on',
    about: 'Whether a browser that opens `/graphql` gets the GraphiQL page (docs/explorer.md).',
  },
  introspection: {
    name: 'INTROSPECTION',
    kind: onOff(),
    default: 'on',
    about:
      'Whether the schema may be asked for (`__schema`, `__type`, `_service`, `_sdl`); off also leaves out "Did you mean".',
  },
  logLevel: {
    name: 'LOG_LEVEL',
    kind: oneOf(['silent', 'error', 'warn', 'info', 'debug']),
    default: 'info',
    about:
      'How much is written to the log (standard output, one JSON object a line). `info` and `debug` have the audit line ' +
      'of every mutation.',
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>

function later(
  name: string,
  about: string,
  more: { readonly off?: string; readonly isSecret?: boolean } = {},
): Setting<never> {
  const { off, isSecret = false } = more
  return { name, kind: notYet(off), about, isSecret, isBuilt: false }
}

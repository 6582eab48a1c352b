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
  /** Written as in the environment and parsed by the same rules. */
  readonly default?: string
  /** One or two sentences for `docs/configuration.md` and `.env.example`. */
  readonly about: string
  /** Never printed, not even when it is invalid. */
  readonly isSecret?: boolean
  /** False for a setting of a later version; setting it makes the start fail. */
  readonly isBuilt?: boolean
}

/** Every setting, in the order of the docs. */
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
    about: 'The port to listen on; `0` picks a free one.',
  },
  adminPort: later('ADMIN_PORT', 'The port for metrics.'),
  upstream: {
    name: 'SINGAPAY_BASE_URL',
    kind: upstreamPlace(),
    about:
      'The origin of the payment-link API, without `/api`, or `sandbox` for the embedded sandbox with made-up data. ' +
      'Required; `npm start` passes `sandbox` when neither this nor a credential is set.',
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
    about: 'Version of the access-token route: `1.1` signs the request, `1.0` sends Basic credentials.',
  },
  basePath: later('SINGAPAY_BASE_PATH', 'A path prefix before `/api`, for a forwarding proxy.'),
  extraHeaders: later('SINGAPAY_EXTRA_HEADERS', 'Fixed headers for every call, for a forwarding proxy.', {
    isSecret: true,
  }),
  authMode: {
    name: 'AUTH_MODE',
    kind: oneOf(['none', 'jwt', 'passthrough']),
    about:
      'How callers are authenticated (docs/callers.md). `none`: everyone who can reach the port may call; allowed only on ' +
      'a loopback `HOST` or with the sandbox. `jwt`: callers send a token and get what its claims grant. `passthrough`: ' +
      'callers send their own upstream credentials, and the upstream decides. Required, except with the sandbox, where ' +
      'it defaults to `none`.',
  },
  jwtJwksUrl: {
    name: 'JWT_JWKS_URL',
    kind: keySetUrl(),
    about: "URL of the JSON Web Key Set with the callers' public keys. With `jwt`, set exactly one of the three keys.",
  },
  jwtPublicKey: {
    name: 'JWT_PUBLIC_KEY',
    kind: publicKey(),
    about:
      "The callers' public key; its type determines the algorithms. With `jwt`, set exactly one of the three keys.",
    // Not a secret, but a private key put here by mistake must not end up in a log.
    isSecret: true,
  },
  jwtSecret: {
    name: 'JWT_SECRET',
    kind: sharedSecret(32),
    about:
      "The secret that signs the callers' tokens (HS256, HS384, HS512). With `jwt`, set exactly one of the three keys.",
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
    about: "The audience (`aud`) that the callers' tokens must contain. Required with `jwt`.",
  },
  upstreamTimeoutMs: {
    name: 'UPSTREAM_TIMEOUT_MS',
    kind: wholeNumber(1, 600_000),
    default: '5000',
    about: 'Time limit for one upstream attempt until the last byte of its response, in milliseconds.',
  },
  requestTimeoutMs: {
    name: 'REQUEST_TIMEOUT_MS',
    kind: wholeNumber(1, 600_000),
    default: '10000',
    about:
      'Time limit for one GraphQL request from end to end, in milliseconds. A write that has started is never cancelled.',
  },
  upstreamMaxConcurrency: {
    name: 'UPSTREAM_MAX_CONCURRENCY',
    kind: wholeNumber(1, 10_000),
    default: '64',
    about: 'Upstream calls at the same time; further calls wait in a bounded queue.',
  },
  upstreamReadTransport: {
    name: 'UPSTREAM_READ_TRANSPORT',
    kind: oneOf(['got'], ['undici']),
    default: 'got',
    about: 'The HTTP client for reads.',
  },
  cacheTtlMs: {
    name: 'CACHE_TTL_MS',
    kind: wholeNumber(0, 86_400_000),
    default: '2000',
    about: 'How long an upstream response stays cached, in milliseconds; `0` turns the cache off.',
  },
  cacheStaleMs: later('CACHE_STALE_MS', 'How much longer a cached response may be used while the upstream is down.', {
    off: '0',
  }),
  upstreamRatePerMinute: later('UPSTREAM_RATE_PER_MINUTE', 'Upstream calls per credential and minute.'),
  maxInFlight: later('MAX_IN_FLIGHT', 'GraphQL requests at the same time; further ones are refused.'),
  tracesEndpoint: later('OTEL_EXPORTER_OTLP_ENDPOINT', 'Where traces are sent.'),
  redisUrl: later('REDIS_URL', 'The store that several instances share.', { isSecret: true }),
  maxBodyBytes: {
    name: 'MAX_BODY_BYTES',
    kind: wholeNumber(1, 67_108_864),
    default: '1048576',
    about: 'Largest request body, in bytes; larger ones get 413.',
  },
  maxTokens: {
    name: 'MAX_TOKENS',
    kind: wholeNumber(1, 100_000),
    default: '4000',
    about: 'Tokens in one document, including comments; counted before it is parsed.',
  },
  maxDepth: {
    name: 'MAX_DEPTH',
    kind: wholeNumber(1, 100),
    default: '12',
    about: 'Depth of nested fields in one operation; introspection has its own limit.',
  },
  maxAliases: {
    name: 'MAX_ALIASES',
    kind: wholeNumber(0, 10_000),
    default: '60',
    about: 'Aliases in one operation; a fragment counts every time it is spread.',
  },
  maxRootFields: {
    name: 'MAX_ROOT_FIELDS',
    kind: wholeNumber(1, 10_000),
    default: '60',
    about: 'Root fields in one operation.',
  },
  maxDirectives: {
    name: 'MAX_DIRECTIVES',
    kind: wholeNumber(0, 10_000),
    default: '50',
    about: 'Directives in one operation; a fragment counts every time it is spread.',
  },
  maxKeys: {
    name: 'MAX_KEYS',
    kind: wholeNumber(1, 10_000),
    default: '100',
    about: 'Keys in one `paymentLinksByKeys` or `accountsByIds` list; `_entities` takes ten times as many references.',
  },
  maxUpstreamCalls: {
    name: 'MAX_UPSTREAM_CALLS',
    kind: wholeNumber(1, 100_000),
    default: '200',
    about:
      'Upstream calls that one request may cause, both by static cost (docs/limits.md) and by count; use 1000 in a supergraph.',
  },
  maxAnswerBytes: {
    name: 'MAX_ANSWER_BYTES',
    kind: wholeNumber(1, 1_099_511_627_776),
    default: '33554432',
    about:
      'Largest response that one operation may produce, in bytes, by static cost (docs/limits.md); each ' +
      '`optionalMetadata` counts as `MAX_METADATA_BYTES`.',
  },
  maxMetadataBytes: {
    name: 'MAX_METADATA_BYTES',
    kind: wholeNumber(2, 67_108_864),
    default: '16384',
    about: 'Largest `optionalMetadata` of a link, in bytes of JSON.',
  },
  rateLimitPerMinute: {
    name: 'RATE_LIMIT_PER_MINUTE',
    kind: wholeNumber(1, 1_000_000),
    about: 'Requests per caller and minute; further ones get 429. Unset: unlimited.',
  },
  trustedDocuments: {
    name: 'TRUSTED_DOCUMENTS',
    kind: folder(),
    about: 'Folder of the only operations that are served: every `*.graphql` file below it. Unset: any operation.',
  },
  trustedDocumentsMode: {
    name: 'TRUSTED_DOCUMENTS_MODE',
    kind: oneOf(['enforce', 'log']),
    about:
      'What happens to other operations: `enforce` refuses them, `log` serves them and logs a warning. ' +
      'Defaults to `enforce`; only with `TRUSTED_DOCUMENTS`.',
  },
  corsOrigins: {
    name: 'CORS_ORIGINS',
    kind: webOrigins(),
    about: 'Exact origins whose web pages may call from a browser. Unset: none.',
  },
  graphiql: {
    name: 'GRAPHIQL',
    kind: onOff(),
    default: 'on',
    about: 'Whether browsers get the GraphiQL page at `/graphql` (docs/explorer.md).',
  },
  introspection: {
    name: 'INTROSPECTION',
    kind: onOff(),
    default: 'on',
    about:
      'Whether the schema can be queried (`__schema`, `__type`, `_service`, `_sdl`); `off` also removes "Did you mean" hints.',
  },
  logLevel: {
    name: 'LOG_LEVEL',
    kind: oneOf(['silent', 'error', 'warn', 'info', 'debug']),
    default: 'info',
    about:
      'What is logged (standard output, one JSON object per line). `info` and `debug` include the audit line of every ' +
      'mutation.',
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

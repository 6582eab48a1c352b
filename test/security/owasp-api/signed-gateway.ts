import { type KeyServer, makeKey, type SigningKey, startKeyServer } from '../../server/callers/key-server.js'
import { AUDIENCE, claims, ISSUER, sign } from '../../server/callers/tokens.js'
import { startTestGateway, type TestGateway } from '../../support/gateway.js'

/** A gateway that authenticates callers by token, and the issuer of those tokens. */
export interface SignedGateway extends TestGateway {
  readonly key: SigningKey
  readonly keys: KeyServer
  /** A valid token for the given accounts. */
  tokenFor(accounts: readonly string[] | '*', scope?: string): Promise<string>
  /** Posts an operation, with a token if there is one. */
  askAs(token: string | undefined, query: string, variables?: object): Promise<SignedAnswer>
  /** Upstream calls so far. */
  calls(): number
}

export interface SignedAnswer {
  readonly status: number
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly codes: readonly string[]
  readonly text: string
}

export async function startSignedGateway(env: Readonly<Record<string, string>> = {}): Promise<SignedGateway> {
  const key = await makeKey('first')
  const keys = await startKeyServer([key.jwk])
  const jwt = { AUTH_MODE: 'jwt', JWT_JWKS_URL: keys.url, JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE }
  const gateway = await startTestGateway({ env: { ...jwt, CACHE_TTL_MS: '60000', ...env } })
  return {
    ...gateway,
    key,
    keys,
    tokenFor: (accounts, scope = 'payment-links:read') => sign(key, claims({ accounts, scope })),
    askAs: (token, query, variables) => post(gateway.url, token, { query, variables }),
    calls: () => gateway.sandbox.log.count(),
    stop: async () => {
      await gateway.stop()
      await keys.stop()
    },
  }
}

async function post(url: string, token: string | undefined, body: object): Promise<SignedAnswer> {
  const authorization = token === undefined ? undefined : { authorization: `Bearer ${token}` }
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  const { data, errors = [] } = JSON.parse(text) as {
    data?: SignedAnswer['data']
    errors?: { extensions: { code: string } }[]
  }
  return {
    status: response.status,
    ...(data === undefined ? {} : { data }),
    codes: errors.map(({ extensions }) => extensions.code),
    text,
  }
}

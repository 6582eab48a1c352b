import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type AppOverrides, startApp } from '../../src/app.js'
import { loadSettings } from '../../src/config/load.js'
import { sandboxResources } from '../../src/resources/index.js'
import type { Sandbox, SandboxOptions, World } from '../../src/sandbox/sandbox.js'
import { startSandbox } from '../../src/sandbox/server.js'

/** The sandbox with the controls and behaviours of every resource. */
export type TestSandbox = Sandbox<typeof sandboxResources>
export type TestWorld = World<typeof sandboxResources>
export type TestSandboxOptions = Partial<SandboxOptions<typeof sandboxResources>>
export type BehaviourChanges = Parameters<TestSandbox['behaviour']['change']>[0]

/** The gateway on a port of its own, over a sandbox that the test controls. */
export interface TestGateway {
  readonly url: string
  readonly sandbox: TestSandbox
  /** Posts an operation and parses the response. */
  request<Data, Variables>(
    document: TypedDocumentNode<Data, Variables> | string,
    variables?: Variables,
  ): Promise<GatewayResponse<Data>>
  stop(): Promise<void>
}

export interface GatewayResponse<Data> {
  readonly data: Data | null | undefined
  readonly errors: readonly ResponseError[] | undefined
  readonly status: number
  /** The whole response body, to check that something is not in it. */
  readonly text: string
}

export interface ResponseError {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions: { readonly code: string; readonly retryable: boolean; readonly requestId: string } & Record<
    string,
    unknown
  >
}

export interface TestGatewayOptions {
  /** Settings, by environment variable. */
  readonly env?: Readonly<Record<string, string>>
  readonly sandbox?: TestSandboxOptions
  readonly app?: AppOverrides
}

export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const sandbox = await startSandbox({ resources: sandboxResources, ...options.sandbox })
  const { apiKey, clientId, clientSecret } = sandbox.credentials
  const env = {
    SINGAPAY_API_KEY: apiKey,
    SINGAPAY_CLIENT_ID: clientId,
    SINGAPAY_CLIENT_SECRET: clientSecret,
    ...options.env,
  }
  const gateway = await startGatewayOver(sandbox.url, env, options.app)
  return {
    ...gateway,
    sandbox,
    stop: async () => {
      await gateway.stop()
      await sandbox.stop()
    },
  }
}

/** One gateway for all tests of a file. Before each test its sandbox drops faults, behaviours and log; records stay. */
export function gatewayOfFile(options: TestGatewayOptions = {}): TestGateway {
  let started: TestGateway | undefined
  const gateway = (): TestGateway => {
    if (started === undefined)
      throw new Error('The gateway starts before the first test, so it cannot be used while tests are collected.')
    return started
  }
  beforeAll(async () => {
    started = await startTestGateway(options)
  })
  afterAll(() => started?.stop())
  beforeEach(() => {
    const { behaviour, faults, log } = gateway().sandbox
    behaviour.reset()
    faults.clear()
    log.clear()
  })
  return {
    get url() {
      return gateway().url
    },
    get sandbox() {
      return gateway().sandbox
    },
    request: (document, variables) => gateway().request(document, variables),
    stop: () => gateway().stop(),
  }
}

/** The gateway over any upstream on loopback. */
export async function startGatewayOver(
  upstreamUrl: string,
  env: Readonly<Record<string, string>>,
  overrides: AppOverrides = {},
): Promise<Omit<TestGateway, 'sandbox'>> {
  const loaded = loadSettings({
    PORT: '0',
    AUTH_MODE: 'none',
    LOG_LEVEL: 'silent',
    SINGAPAY_BASE_URL: upstreamUrl,
    CACHE_TTL_MS: '0',
    ...env,
  })
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'))
  const app = await startApp(loaded.settings, overrides)
  const url = `${app.url}/graphql`
  return {
    url,
    request: (document, variables) =>
      post(url, { query: typeof document === 'string' ? document : print(document), variables }),
    stop: () => app.stop(),
  }
}

async function post<Data>(url: string, body: unknown): Promise<GatewayResponse<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  const { data, errors } = JSON.parse(text) as { data?: Data | null; errors?: ResponseError[] }
  return { data, errors, status: response.status, text }
}

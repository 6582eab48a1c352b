import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose'

/** A key set served on loopback that can rotate, fail and hang. */
export interface KeyServer {
  readonly url: string
  /** Number of requests so far. */
  readonly asked: () => number
  /** Changes what it serves: keys, any response, or no response at all. */
  publish(what: readonly JWK[] | KeyResponse | 'hang'): void
  stop(): Promise<void>
}

export interface KeyResponse {
  readonly status: number
  readonly body: string
  readonly location?: string
  readonly contentType?: string
}

export async function startKeyServer(keys: readonly JWK[]): Promise<KeyServer> {
  let published: Parameters<KeyServer['publish']>[0] = keys
  let asked = 0
  const server = createServer((_request, response) => {
    asked += 1
    if (published === 'hang') return
    const served: KeyResponse =
      'status' in published ? published : { status: 200, body: JSON.stringify({ keys: published }) }
    const { status, body, location = '/elsewhere', contentType = 'application/json' } = served
    response.writeHead(status, { 'content-type': contentType, location }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    asked: () => asked,
    publish: (what) => {
      published = what
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export interface SigningKey {
  readonly kid: string
  readonly alg: string
  readonly privateKey: CryptoKey
  /** The public key as published. */
  readonly jwk: JWK
}

export async function makeKey(kid: string, alg = 'RS256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

import type { KeyObject } from 'node:crypto'
import type { UpstreamPlace } from './kinds.js'

/** The settings, parsed and frozen; see `SETTINGS` for units. */
export interface Settings {
  readonly host: string
  readonly port: number
  readonly upstream: UpstreamSettings
  readonly callers: CallerSettings
  readonly upstreamTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly upstreamMaxConcurrency: number
  readonly cacheTtlMs: number
  readonly maxBodyBytes: number
  readonly maxTokens: number
  readonly maxDepth: number
  readonly maxAliases: number
  readonly maxRootFields: number
  readonly maxDirectives: number
  readonly maxKeys: number
  readonly maxUpstreamCalls: number
  readonly maxAnswerBytes: number
  readonly maxMetadataBytes: number
  readonly rateLimitPerMinute: number | undefined
  readonly trustedDocuments: TrustedDocumentsSettings | undefined
  readonly corsOrigins: readonly string[]
  readonly graphiql: boolean
  readonly introspection: boolean
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
}

/** How callers are authenticated. */
export type CallerSettings = { readonly mode: 'none' } | { readonly mode: 'passthrough' } | JwtSettings

export interface JwtSettings {
  readonly mode: 'jwt'
  readonly issuer: string
  readonly audience: string
  readonly key: JwtKeySettings
}

/** The key that verifies tokens; its kind decides which algorithms are allowed. */
export type JwtKeySettings =
  | { readonly kind: 'key-set'; readonly url: string }
  | { readonly kind: 'public-key'; readonly key: KeyObject }
  | { readonly kind: 'secret'; readonly secret: string }

/** The folder of allowed operations, and whether others are refused. */
export interface TrustedDocumentsSettings {
  readonly folder: string
  readonly mode: 'log' | 'enforce'
}

/** The upstream and the credentials for it. The sandbox issues its own, and with passthrough so do callers. */
export type UpstreamSettings = (
  | Extract<UpstreamPlace, { kind: 'sandbox' }>
  | (Extract<UpstreamPlace, { kind: 'origin' }> & { readonly credentials?: Credentials })
) & { readonly tokenVersion: '1.1' | '1.0' }

export interface Credentials {
  readonly apiKey: string
  readonly clientId: string
  readonly clientSecret: string
}

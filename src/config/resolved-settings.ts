import type { KeyObject } from 'node:crypto'
import type { Kind, UpstreamPlace } from './kinds.js'
import type { SETTINGS } from './settings.js'

/** The settings, parsed and frozen; see `SETTINGS` for units. */
export interface Settings extends DefaultedSettings {
  readonly upstream: UpstreamSettings
  readonly callers: CallerSettings
  /** Unlimited when undefined. */
  readonly rateLimitPerMinute: number | undefined
  /** Any operation is served when undefined. */
  readonly trustedDocuments: TrustedDocumentsSettings | undefined
  readonly corsOrigins: readonly string[]
}

/** Every setting with a default, under its key in `SETTINGS`. */
export type DefaultedSettings = {
  readonly [Key in keyof Table as Table[Key] extends { readonly default: string } ? Key : never]: ValueOf<Table[Key]>
}

type Table = typeof SETTINGS
type ValueOf<S> = S extends { readonly kind: Kind<infer T> } ? T : never

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
export type UpstreamSettings =
  | Extract<UpstreamPlace, { kind: 'sandbox' }>
  | (Extract<UpstreamPlace, { kind: 'origin' }> & { readonly credentials?: Credentials })

export interface Credentials {
  readonly apiKey: string
  readonly clientId: string
  readonly clientSecret: string
}

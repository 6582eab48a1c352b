import { EVERY_GRANT, type Grants, NO_GRANT } from './grants.js'

/** On whose behalf a request runs. */
export interface Principal {
  /** Names the upstream credential: the first part of every cache, coalescing and batch key. Never logged, never shown. */
  readonly credential: string
  /** Who asks, for rate limits and the audit log: `issuer|subject`, a digest of their credential, or `local`. */
  readonly caller: string
  readonly grants: Grants
  readonly upstream: UpstreamIdentity
}

/** As whom the upstream is asked. */
export type UpstreamIdentity =
  /** The gateway's own credentials. */
  | { readonly kind: 'merchant' }
  /** The caller's own; behind a function, so that nothing that prints the fields of a principal prints them. */
  | { readonly kind: 'caller'; readonly headers: () => CallerHeaders }
  /** Nobody is known: the upstream cannot be asked at all. */
  | { readonly kind: 'nobody' }

/** What a caller's own identity is made of upstream, as it came. */
export interface CallerHeaders {
  readonly authorization: string
  readonly 'x-partner-id': string
}

/** Everybody who asks in `AUTH_MODE=none`: the gateway's own credential, every account. */
export const merchantPrincipal: Principal = Object.freeze<Principal>({
  credential: 'merchant',
  caller: 'local',
  grants: EVERY_GRANT,
  upstream: { kind: 'merchant' },
})

/** Whoever brought no proof of who they are: the schema itself is all they may ask for. */
export const anonymousPrincipal: Principal = Object.freeze<Principal>({
  credential: 'nobody',
  caller: 'anonymous',
  grants: NO_GRANT,
  upstream: { kind: 'nobody' },
})

export function isAnonymous({ upstream }: Principal): boolean {
  return upstream.kind === 'nobody'
}

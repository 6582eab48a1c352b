import { EVERY_GRANT, type Grants, NO_GRANT } from './grants.js'

/** The caller on whose behalf a request runs. */
export interface Principal {
  /** Names the upstream credential: the first part of every cache, coalescing and batch key. Never logged, never shown. */
  readonly credential: string
  /** Names the caller in rate limits and the audit log: `issuer|subject`, a digest of their credential, or `local`. */
  readonly caller: string
  readonly grants: Grants
  readonly upstream: UpstreamIdentity
}

/** Whose credentials a call is made with. */
export type UpstreamIdentity =
  /** The gateway's own credentials. */
  | { readonly kind: 'merchant' }
  /** The caller's own, behind a function so that logging a principal does not log them. */
  | { readonly kind: 'caller'; readonly headers: () => CallerHeaders }
  /** An anonymous caller has none: no call can be made. */
  | { readonly kind: 'nobody' }

/** The headers that identify a caller to the upstream, as they came. */
export interface CallerHeaders {
  readonly authorization: string
  readonly 'x-partner-id': string
}

/** Every caller in `AUTH_MODE=none`: the gateway's own credential, every account. */
export const merchantPrincipal: Principal = Object.freeze<Principal>({
  credential: 'merchant',
  caller: 'local',
  grants: EVERY_GRANT,
  upstream: { kind: 'merchant' },
})

/** A caller without credentials: they may read the schema and nothing else. */
export const anonymousPrincipal: Principal = Object.freeze<Principal>({
  credential: 'nobody',
  caller: 'anonymous',
  grants: NO_GRANT,
  upstream: { kind: 'nobody' },
})

export function isAnonymous({ upstream }: Principal): boolean {
  return upstream.kind === 'nobody'
}

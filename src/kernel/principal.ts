/** On whose behalf a request runs. */
export interface Principal {
  /** Names the upstream credential: the first part of every cache, coalescing and batch key. Never logged, never shown. */
  readonly credential: string
}

/** Everybody who asks in `AUTH_MODE=none`: the gateway's own credential, every account. */
export const merchantPrincipal: Principal = { credential: 'merchant' }

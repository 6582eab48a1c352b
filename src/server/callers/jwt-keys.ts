import type { KeyObject } from 'node:crypto'
import type { CryptoKey, JWTHeaderParameters } from 'jose'
import type { JwtKeySettings } from '../../config/resolved-settings.js'
import type { Clock } from '../../kernel/clock.js'
import type { Logger } from '../../telemetry/logger.js'
import { RemoteKeySet } from './remote-key-set.js'

/** Keys that verify signatures. The kind of key fixes the algorithms; a token's header only picks among them. */
export interface VerificationKeys {
  readonly algorithms: readonly string[]
  /** Keys that a token with this header may be signed with; the caller tries them until one fits. */
  readonly candidates: (header: JWTHeaderParameters) => AsyncIterable<VerificationKey> | Iterable<VerificationKey>
}

export type VerificationKey = CryptoKey | KeyObject | Uint8Array

export function createVerificationKeys(
  settings: JwtKeySettings,
  tools: { readonly clock: Clock; readonly logger: Logger },
): VerificationKeys {
  switch (settings.kind) {
    case 'key-set': {
      const keySet = new RemoteKeySet(settings.url, tools)
      return { algorithms: ASYMMETRIC, candidates: (header) => keySet.candidates(header) }
    }
    case 'public-key':
      return { algorithms: algorithmsOf(settings.key), candidates: () => [settings.key] }
    case 'secret': {
      const secret = new TextEncoder().encode(settings.secret)
      return { algorithms: ['HS256', 'HS384', 'HS512'], candidates: () => [secret] }
    }
  }
}

const RSA = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
const EDWARDS = ['EdDSA', 'Ed25519']
const CURVES: Readonly<Record<string, readonly string[]>> = {
  prime256v1: ['ES256'],
  secp384r1: ['ES384'],
  secp521r1: ['ES512'],
}
const ASYMMETRIC = [...RSA, ...Object.values(CURVES).flat(), ...EDWARDS]

function algorithmsOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly string[] {
  if (asymmetricKeyType === 'rsa') return RSA
  if (asymmetricKeyType === 'ed25519') return EDWARDS
  return CURVES[asymmetricKeyDetails?.namedCurve ?? ''] ?? []
}

import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { decodeProtectedHeader, errors, type JWTHeaderParameters, type JWTPayload, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import type { JwtSettings } from '../../config/resolved-settings.js'
import type { Clock } from '../../kernel/clock.js'
import { anonymousPrincipal, merchantPrincipal, type Principal } from '../../kernel/principal.js'
import type { Logger } from '../../telemetry/logger.js'
import { readGrants, readSubject } from './claims.js'
import { onlyHeader, unauthenticated } from './headers.js'
import { createVerificationKeys, type VerificationKeys } from './jwt-keys.js'

/** How far apart the clocks of the issuer and the gateway may be. */
const SKEW_SECONDS = 30
const CACHED_MAX = 10_000
/** A token is verified again at least this often, in case its key was revoked. */
const CACHED_MS_MAX = 300_000

interface Tools {
  readonly clock: Clock
  readonly logger: Logger
}

interface Verified {
  readonly principal: Principal
  /** Epoch ms. */
  readonly untilMs: number
}

/** Identifies callers by bearer token. Verified tokens are cached by their digest. */
export function createJwtCallers(
  settings: JwtSettings,
  tools: Tools,
): (request: IncomingMessage) => Promise<Principal> {
  const keys = createVerificationKeys(settings.key, tools)
  const cache = new LRUCache<string, Verified>({ max: CACHED_MAX })
  return async (request) => {
    const authorization = onlyHeader(request, 'authorization')
    if (authorization === undefined) return anonymousPrincipal
    const token = BEARER.exec(authorization)?.[1]
    if (token === undefined)
      throw unauthenticated('The authorization header must be "Bearer" followed by a signed JWT.')
    const digest = createHash('sha256').update(token).digest('base64')
    const cached = cache.get(digest)
    if (cached !== undefined && tools.clock.now() < cached.untilMs) return cached.principal
    cache.delete(digest)
    const claims = await verify(token, { settings, keys, tools })
    const verified = toVerified(claims, settings, tools.clock)
    cache.set(digest, verified)
    return verified.principal
  }
}

/** A signed token has three parts; an encrypted one has five. */
const BEARER = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i

async function verify(
  token: string,
  parts: { readonly settings: JwtSettings; readonly keys: VerificationKeys; readonly tools: Tools },
): Promise<JWTPayload> {
  const { settings, keys, tools } = parts
  const options = {
    algorithms: [...keys.algorithms],
    issuer: settings.issuer,
    audience: settings.audience,
    requiredClaims: ['exp'],
    clockTolerance: SKEW_SECONDS,
    currentDate: new Date(tools.clock.now()),
  }
  for await (const key of keys.candidates(headerOf(token, keys))) {
    try {
      return (await jwtVerify(token, key, options)).payload
    } catch (error) {
      const reason = claimProblem(error)
      if (reason !== undefined) throw unauthenticated(reason)
      if (!(error instanceof errors.JOSEError)) tools.logger.warn({ err: error }, 'a token could not be checked')
    }
  }
  throw unauthenticated(UNVERIFIED)
}

const UNVERIFIED = 'The token cannot be verified.'

/** Checked before any key is looked up: no key can verify a token whose algorithm is not allowed. */
function headerOf(token: string, { algorithms }: VerificationKeys): JWTHeaderParameters {
  try {
    const { alg = '', ...header } = decodeProtectedHeader(token)
    if (algorithms.includes(alg)) return { ...header, alg }
  } catch {
    // A header that cannot be decoded is refused below, like one with another algorithm.
  }
  throw unauthenticated(UNVERIFIED)
}

/**
 * Why a correctly signed token is not accepted: enough to fix it, without quoting its contents. Undefined when it is
 * the signature that is wrong.
 */
function claimProblem(error: unknown): string | undefined {
  if (error instanceof errors.JWTExpired) return 'The token has expired.'
  if (error instanceof errors.JWTClaimValidationFailed) return `The token's claim "${error.claim}" is not accepted.`
  return undefined
}

function toVerified(claims: JWTPayload, { issuer }: JwtSettings, clock: Clock): Verified {
  const grants = readGrants(claims)
  const subject = readSubject(claims)
  if (grants === undefined || subject === undefined || claims.exp === undefined) {
    throw unauthenticated("The token's claims are malformed: check scope, accounts and sub.")
  }
  return {
    // Upstream, every caller shares the gateway's own credential; the grants limit what each may see.
    principal: { ...merchantPrincipal, caller: `${issuer}|${subject}`, grants },
    untilMs: Math.min((claims.exp + SKEW_SECONDS) * 1000, clock.now() + CACHED_MS_MAX),
  }
}

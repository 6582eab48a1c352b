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

/** How far the clocks of issuer and gateway may be apart. */
const SKEW_SECONDS = 30
const REMEMBERED_MAX = 10_000
/** A token is checked anew at least this often: its key may have been withdrawn. */
const REMEMBERED_MS_MAX = 300_000

interface Tools {
  readonly clock: Clock
  readonly logger: Logger
}

interface Verified {
  readonly principal: Principal
  /** Epoch ms. */
  readonly untilMs: number
}

/** Callers by the bearer tokens they bring; a token that was found good is remembered by its digest. */
export function createJwtCallers(
  settings: JwtSettings,
  tools: Tools,
): (request: IncomingMessage) => Promise<Principal> {
  const keys = createVerificationKeys(settings.key, tools)
  const remembered = new LRUCache<string, Verified>({ max: REMEMBERED_MAX })
  return async (request) => {
    const authorization = onlyHeader(request, 'authorization')
    if (authorization === undefined) return anonymousPrincipal
    const token = BEARER.exec(authorization)?.[1]
    if (token === undefined) throw unauthenticated('The header authorization must be "Bearer" and a signed JWT.')
    const digest = createHash('sha256').update(token).digest('base64')
    const known = remembered.get(digest)
    if (known !== undefined && tools.clock.now() < known.untilMs) return known.principal
    remembered.delete(digest)
    const claims = await verify(token, { settings, keys, tools })
    const verified = toVerified(claims, settings, tools.clock)
    remembered.set(digest, verified)
    return verified.principal
  }
}

/** Three parts: an encrypted token has five. */
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
      const reason = claimRefusal(error)
      if (reason !== undefined) throw unauthenticated(reason)
      if (!(error instanceof errors.JOSEError)) tools.logger.warn({ err: error }, 'a token could not be checked')
    }
  }
  throw unauthenticated(UNVERIFIED)
}

const UNVERIFIED = 'The token cannot be verified.'

/** Looked at before any key is: a token of another algorithm is worth no search for one. */
function headerOf(token: string, { algorithms }: VerificationKeys): JWTHeaderParameters {
  try {
    const { alg = '', ...header } = decodeProtectedHeader(token)
    if (algorithms.includes(alg)) return { ...header, alg }
  } catch {
    // What cannot be decoded is refused like what is of another algorithm.
  }
  throw unauthenticated(UNVERIFIED)
}

/**
 * Why a token that is signed well is not accepted: enough to mend it by, and nothing that it holds. Undefined when it is the
 * signature that does not hold.
 */
function claimRefusal(error: unknown): string | undefined {
  if (error instanceof errors.JWTExpired) return 'The token has expired.'
  if (error instanceof errors.JWTClaimValidationFailed) return `The token's claim "${error.claim}" is not accepted.`
  return undefined
}

function toVerified(claims: JWTPayload, { issuer }: JwtSettings, clock: Clock): Verified {
  const grants = readGrants(claims)
  const subject = readSubject(claims)
  if (grants === undefined || subject === undefined || claims.exp === undefined) {
    throw unauthenticated("The token's claims are not what they should be: see scope, accounts and sub.")
  }
  return {
    // The upstream knows the gateway only; what a caller may see of that is in their grants.
    principal: { ...merchantPrincipal, caller: `${issuer}|${subject}`, grants },
    untilMs: Math.min((claims.exp + SKEW_SECONDS) * 1000, clock.now() + REMEMBERED_MS_MAX),
  }
}

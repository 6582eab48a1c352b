import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { EVERY_GRANT } from '../../kernel/grants.js'
import { anonymousPrincipal, type Principal } from '../../kernel/principal.js'
import { onlyHeader, unauthenticated } from './headers.js'

/**
 * Whoever brings credentials of the upstream: what they may see is for the upstream to say, and nothing that it said to
 * one credential is ever given to another.
 */
export function identifyPassthrough(request: IncomingMessage): Principal {
  const authorization = onlyHeader(request, 'authorization')
  const partnerId = onlyHeader(request, 'x-partner-id')
  if (authorization === undefined && partnerId === undefined) return anonymousPrincipal
  if (authorization === undefined || !AUTHORIZATION.test(authorization) || authorization.length > CHARACTERS_MAX) {
    throw unauthenticated('The header authorization is missing or malformed.')
  }
  if (partnerId === undefined || !PARTNER_ID.test(partnerId)) {
    throw unauthenticated('The header x-partner-id is missing or malformed.')
  }
  const credential = digestOf(authorization, partnerId)
  return {
    credential,
    caller: `credential|${credential.slice(0, CALLER_CHARACTERS)}`,
    grants: EVERY_GRANT,
    upstream: { kind: 'caller', headers: () => ({ authorization, 'x-partner-id': partnerId }) },
  }
}

/** Visible ASCII, with single spaces between a scheme and its parts. */
const AUTHORIZATION = /^[\x21-\x7e]+(?: [\x21-\x7e]+)+$/
const PARTNER_ID = /^[\x21-\x7e]{1,1024}$/
const CHARACTERS_MAX = 8192
/** 132 bits: no two callers look alike in a log, and the log does not hold the key of a cache. */
const CALLER_CHARACTERS = 22

/** The length first: `ab` + `c` and `a` + `bc` are two pairs. */
function digestOf(authorization: string, partnerId: string): string {
  return createHash('sha256').update(`${authorization.length}:${authorization}${partnerId}`).digest('base64url')
}

import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { EVERY_GRANT } from '../../kernel/grants.js'
import { anonymousPrincipal, type Principal } from '../../kernel/principal.js'
import { onlyHeader, unauthenticated } from './headers.js'

/**
 * Identifies a caller by their own upstream credentials. The upstream decides what they may see, and nothing it returns
 * for one credential is ever shown to another.
 */
export function identifyPassthrough(request: IncomingMessage): Principal {
  const authorization = onlyHeader(request, 'authorization')
  const partnerId = onlyHeader(request, 'x-partner-id')
  if (authorization === undefined && partnerId === undefined) return anonymousPrincipal
  if (authorization === undefined || !AUTHORIZATION.test(authorization) || authorization.length > CHARACTERS_MAX) {
    throw unauthenticated('The authorization header is missing or malformed.')
  }
  if (partnerId === undefined || !PARTNER_ID.test(partnerId)) {
    throw unauthenticated('The x-partner-id header is missing or malformed.')
  }
  const credential = digestOf(authorization, partnerId)
  return {
    credential,
    caller: `credential|${credential.slice(0, CALLER_CHARACTERS)}`,
    grants: EVERY_GRANT,
    upstream: { kind: 'caller', headers: () => ({ authorization, 'x-partner-id': partnerId }) },
  }
}

/** A scheme and its parts in visible ASCII, separated by single spaces. */
const AUTHORIZATION = /^[\x21-\x7e]+(?: [\x21-\x7e]+)+$/
const PARTNER_ID = /^[\x21-\x7e]{1,1024}$/
const CHARACTERS_MAX = 8192
/** 132 bits: enough to tell callers apart in a log without logging a whole cache key. */
const CALLER_CHARACTERS = 22

/** The length comes first because `ab` + `c` and `a` + `bc` are different pairs. */
function digestOf(authorization: string, partnerId: string): string {
  return createHash('sha256').update(`${authorization.length}:${authorization}${partnerId}`).digest('base64url')
}

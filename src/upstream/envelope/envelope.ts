import type { Clock } from '../../kernel/clock.js'
import type { SuccessfulResponse } from '../call.js'
import { unreadableResponse } from '../failures.js'
import type { HttpResponse } from '../http/http.js'
import { parseRetryAfter } from '../http/retry-after.js'
import { countValues, parseJson } from '../json/json.js'
import { toRefusal } from './refusal.js'
import { saysYes, verdictOf } from './verdict.js'

/**
 * Reads a successful response in whichever envelope it comes.
 * @param isBare whether a body that says nothing about success counts as one
 * @throws UpstreamFailure for any other response
 */
export function openEnvelope(
  { status, retryAfter, bytes }: HttpResponse,
  clock: Clock,
  isBare: (body: object) => boolean = () => false,
): SuccessfulResponse {
  const refusal = (body: unknown, isPlain: boolean) =>
    toRefusal({
      httpStatus: status,
      body,
      beginning: beginningOf(bytes),
      isPlain,
      retryAfterMs: parseRetryAfter(retryAfter, clock.now()),
    })
  const body = parseBody(bytes)
  if (status >= 400) throw refusal(body, !saysYes(body))
  if (status < 200 || status >= 300 || typeof body !== 'object' || body === null) throw unreadableResponse(status)
  const verdict = verdictOf(body)
  if (verdict === 'failure' || verdict === 'unknown') throw refusal(body, verdict === 'failure')
  if (verdict === 'unclear' && !isBare(body)) throw unreadableResponse(status)
  return { httpStatus: status, body, sizeBytes: bytes.byteLength }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** 10,000 links have fewer. Millions would take seconds to parse. */
const VALUES_MAX = 600_000

/** Undefined for anything but JSON in UTF-8 of a sensible size. */
function parseBody(bytes: Uint8Array): unknown {
  try {
    if (countValues(bytes) > VALUES_MAX) return undefined
    return parseJson(utf8.decode(bytes))
  } catch {
    return undefined
  }
}

const BEGINNING_BYTES = 4096

function beginningOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, BEGINNING_BYTES))
}

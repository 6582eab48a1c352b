import { isJsonObject } from '../json/json.js'
import { field, isNothing, toWord } from './body.js'
import { isSuccess, plainCodesOf, responseCodeOf, statusNumberOf } from './meaning.js'

/**
 * What the envelope of a 2xx response says. `unknown`: a word or a code that we do not know, which is not a success.
 * `unclear`: nothing at all, or yes and no at once.
 */
export type Verdict = 'success' | 'failure' | 'unknown' | 'unclear'

/** What one part of it says. `echo` repeats the HTTP status, which a server may write before it knows the outcome. */
type Vote = 'yes' | 'no' | 'echo' | 'unknown' | 'silent'

/**
 * Weighs every part of an envelope that can speak of success: `success` in v1, `response_code` in v2, elsewhere `status`
 * as a number or a word; an error that is present says no. A yes and a no make the verdict unclear. An unknown word
 * prevents a success, except in `status` when there is a yes. When all else is silent, `data` means success.
 */
export function verdictOf(body: object): Verdict {
  const status = statusVote(body)
  const others = [...otherVotes(body), metaVote(body)]
  const has = (vote: Vote): boolean => status === vote || others.includes(vote)
  if (has('yes')) return has('no') ? 'unclear' : others.includes('unknown') ? 'unknown' : 'success'
  if (has('no')) return 'failure'
  if (has('unknown')) return 'unknown'
  return has('echo') || Object.hasOwn(body, 'data') ? 'success' : 'unclear'
}

/** Whether some part of a body says yes, whatever the others say. */
export function saysYes(body: unknown): boolean {
  return isJsonObject(body) && [successVote(body), responseVote(body), statusVote(body)].includes('yes')
}

function otherVotes(body: object): Vote[] {
  return [successVote(body), ...flagVotes(body), responseVote(body), ...errorVotes(body), ...numberVotes(body)]
}

/** Some services put the envelope into `meta`. This API puts pagination there, so only a no counts. */
function metaVote(body: object): Vote {
  const meta = field(body, 'meta')
  return isJsonObject(meta) && [statusVote(meta), ...otherVotes(meta)].includes('no') ? 'no' : 'silent'
}

const SUCCESSES = new Set(['true', '1', 'ok', 'success', 'successful', 'succeeded', 'sukses', 'berhasil'])
const FAILURES = new Set(['false', '0', 'error', 'fail', 'failed', 'failure', 'gagal'])

function toVote(word: string | undefined): Vote {
  if (word === '') return 'silent'
  if (word === undefined) return 'unknown'
  return SUCCESSES.has(word) ? 'yes' : FAILURES.has(word) ? 'no' : 'unknown'
}

function successVote(body: object): Vote {
  return toVote(toWord(field(body, 'success')))
}

/** Other names of `success`. Anything but a flag is silent, as is a number, which may count results. */
function flagVotes(body: object): Vote[] {
  return ['ok', 'isSuccess', 'result'].map((name) => {
    const flag = field(body, name)
    const vote = typeof flag === 'number' ? 'silent' : toVote(toWord(flag))
    return vote === 'unknown' ? 'silent' : vote
  })
}

/** A link has a `status` too: as text it belongs to the envelope only if something else makes the body an envelope. */
function statusVote(body: object): Vote {
  const status = field(body, 'status')
  if (statusNumberOf(body) !== undefined) return 'silent'
  const isEnvelope = ENVELOPE_KEYS.some((key) => Object.hasOwn(body, key))
  return isEnvelope || typeof status !== 'string' ? toVote(toWord(status)) : 'silent'
}

const ENVELOPE_KEYS = ['data', 'success', 'response_code', 'responseCode', 'message', 'error', 'errors'] as const

function responseVote(body: object): Vote {
  const code = responseCodeOf(body)
  if (code === undefined) return 'silent'
  return isSuccess(code) ? 'yes' : code.spelling === 'unknown' ? 'unknown' : 'no'
}

function errorVotes(body: object): Vote[] {
  return ['error', 'errors', 'exception'].map((name) => (isNothing(field(body, name)) ? 'silent' : 'no'))
}

/** `status` and similar fields as numbers. */
function numberVotes(body: object): Vote[] {
  return [statusNumberOf(body), ...plainCodesOf(body)].map((number) => {
    if (number === undefined) return 'silent'
    return number.status >= 400 ? 'no' : isSuccess(number) ? 'echo' : 'unknown'
  })
}

import { field, isNothing, isObject, wordOf } from './body.js'
import { isSuccess, plainCodesOf, responseCodeOf, statusNumberOf } from './meaning.js'

/**
 * What an envelope that came with a 2xx says. `odd`: a word or a code that nobody knows, which is no success. `unclear`:
 * nothing at all, or yes and no at once.
 */
export type Verdict = 'success' | 'failure' | 'odd' | 'unclear'

/** `echo` repeats the HTTP status, which a server may write before it knows. */
type Voice = 'yes' | 'no' | 'echo' | 'odd' | 'silent'

/**
 * Hears every part of an envelope that can speak of success: v1 says `success`, v2 `response_code`, others `status` as a
 * number or a word, and an error that is there says no. A no beside a yes makes it unclear. What is odd is no success,
 * but for a word in `status` beside a yes. Where all are silent `data` speaks.
 */
export function verdictOf(body: object): Verdict {
  const status = statusVoice(body)
  const others = [...otherVoices(body), metaVoice(body)]
  const says = (voice: Voice): boolean => status === voice || others.includes(voice)
  if (says('yes')) return says('no') ? 'unclear' : others.includes('odd') ? 'odd' : 'success'
  if (says('no')) return 'failure'
  if (says('odd')) return 'odd'
  return says('echo') || Object.hasOwn(body, 'data') ? 'success' : 'unclear'
}

/** Whether some part of a body says yes, whatever others say. */
export function saysYes(body: unknown): boolean {
  return isObject(body) && [successVoice(body), responseVoice(body), statusVoice(body)].includes('yes')
}

function otherVoices(body: object): Voice[] {
  return [successVoice(body), ...flagVoices(body), responseVoice(body), ...errorVoices(body), ...numberVoices(body)]
}

/** Other services keep the envelope in `meta`; this API keeps the figures of a page there, so that only a no is heard. */
function metaVoice(body: object): Voice {
  const meta = field(body, 'meta')
  return isObject(meta) && [statusVoice(meta), ...otherVoices(meta)].includes('no') ? 'no' : 'silent'
}

const SUCCESSES = new Set(['true', '1', 'ok', 'success', 'successful', 'succeeded', 'sukses', 'berhasil'])
const FAILURES = new Set(['false', '0', 'error', 'fail', 'failed', 'failure', 'gagal'])

function voiceOf(word: string | undefined): Voice {
  if (word === '') return 'silent'
  if (word === undefined) return 'odd'
  return SUCCESSES.has(word) ? 'yes' : FAILURES.has(word) ? 'no' : 'odd'
}

function successVoice(body: object): Voice {
  return voiceOf(wordOf(field(body, 'success')))
}

/** Other names of it. What is no flag says nothing, nor does a number, which may count the results. */
function flagVoices(body: object): Voice[] {
  return ['ok', 'isSuccess', 'result'].map((name) => {
    const flag = field(body, name)
    const voice = typeof flag === 'number' ? 'silent' : voiceOf(wordOf(flag))
    return voice === 'odd' ? 'silent' : voice
  })
}

/** A link has a `status` of its own: as text it is the envelope's only where something else makes an envelope. */
function statusVoice(body: object): Voice {
  const status = field(body, 'status')
  if (statusNumberOf(body) !== undefined) return 'silent'
  const isEnvelope = ENVELOPE_KEYS.some((key) => Object.hasOwn(body, key))
  return isEnvelope || typeof status !== 'string' ? voiceOf(wordOf(status)) : 'silent'
}

const ENVELOPE_KEYS = ['data', 'success', 'response_code', 'responseCode', 'message', 'error', 'errors'] as const

function responseVoice(body: object): Voice {
  const code = responseCodeOf(body)
  if (code === undefined) return 'silent'
  return isSuccess(code) ? 'yes' : code.spelling === 'unknown' ? 'odd' : 'no'
}

function errorVoices(body: object): Voice[] {
  return ['error', 'errors', 'exception'].map((name) => (isNothing(field(body, name)) ? 'silent' : 'no'))
}

/** `status` and its kin as numbers. */
function numberVoices(body: object): Voice[] {
  return [statusNumberOf(body), ...plainCodesOf(body)].map((number) => {
    if (number === undefined) return 'silent'
    return number.status >= 400 ? 'no' : isSuccess(number) ? 'echo' : 'odd'
  })
}

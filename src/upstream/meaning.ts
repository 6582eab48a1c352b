import { field, isNothing, wordOf } from './body.js'

/** What a code in a body means. */
export interface Meaning {
  /** The HTTP status that says the same; 2xx is success. */
  readonly status: number
  /** Whether it says that nothing was done, or that nobody knows; `nothing` speaks of neither. */
  readonly proves: 'refused' | 'lost' | 'nothing'
  /** Whose spelling it is: the API's own, an HTTP status, or nobody's that is known. */
  readonly spelling: 'own' | 'http' | 'unknown'
}

/**
 * The v2 code of an answer: `SP018`, or as the national standard has it, `4042500`; undefined when there is none. Zeros
 * alone are a success, as banks write it. Behind a code that nobody knows anything may have happened.
 */
export function responseCodeOf(body: unknown): Meaning | undefined {
  const word = wordOf(field(body, 'response_code') ?? field(body, 'responseCode') ?? vendorCode(field(body, 'code')))
  if (word === '') return undefined
  if (word !== undefined && /^0+$/.test(word)) return own(200, 'nothing')
  return meaningOf(word) ?? unknown('lost')
}

/** The code of the error in a v1 answer: `422`, `"404"`, `SP403`; undefined when there is none, as 0 is none. */
export function errorCodeOf(body: unknown): Meaning | undefined {
  const code = field(field(body, 'error'), 'code')
  return isNothing(code) ? undefined : (meaningOf(wordOf(code)) ?? unknown('nothing'))
}

/** The envelope's `status` when it is a number; 0 and 1 are flags. */
export function statusNumberOf(body: unknown): Meaning | undefined {
  const word = wordOf(field(body, 'status')) ?? ''
  if (!/^\d+$/.test(word) || Number(word) < 2) return undefined
  return meaningOf(word) ?? { ...unknown('nothing'), status: Number(word) < 400 ? 300 : 400 }
}

/** Other numbers beside it that say what HTTP would. */
export function plainCodesOf(body: unknown): Meaning[] {
  return ['code', 'statusCode', 'status_code'].flatMap((name) => {
    const meaning = meaningOf(wordOf(field(body, name)))
    return meaning?.spelling === 'http' && (meaning.status >= 400 || isSuccess(meaning)) ? [meaning] : []
  })
}

/** A plain `code` is a number of the envelope unless it is spelt as only `response_code` is. */
function vendorCode(code: unknown): unknown {
  return wordOf(code)?.startsWith('sp') === true ? code : undefined
}

function meaningOf(word: string | undefined): Meaning | undefined {
  if (word === undefined) return undefined
  if (Object.hasOwn(SP_CODES, word)) return SP_CODES[word]
  if (!/^[1-5]\d\d(?:\d{4})?$/.test(word)) return undefined
  const status = Number(word.slice(0, 3))
  const proves = status < 400 ? 'nothing' : isLostStatus(status) ? 'lost' : 'refused'
  return { status, proves, spelling: word.length === 3 ? 'http' : 'own' }
}

export function isSuccess({ status }: Meaning): boolean {
  return status >= 200 && status < 300
}

/** A server that failed or gave up half-way may have acted all the same. */
export function isLostStatus(status: number): boolean {
  return status >= 500 || status === 408
}

function own(status: number, proves: Meaning['proves']): Meaning {
  return { status, proves, spelling: 'own' }
}

function unknown(proves: Meaning['proves']): Meaning {
  return { status: 400, proves, spelling: 'unknown' }
}

/**
 * As HTTP would say it [old:disbursement/response-code][lsp]. Of a transaction that failed (001), failed in general (002,
 * 019) or timed out (005), nobody knows whether it was done [spjs].
 */
const SP_CODES: Readonly<Record<string, Meaning>> = {
  sp000: own(200, 'nothing'),
  sp001: own(400, 'lost'),
  sp002: own(400, 'lost'),
  sp003: own(400, 'refused'),
  sp004: own(409, 'refused'),
  sp005: own(408, 'lost'),
  sp006: own(400, 'refused'),
  sp007: own(400, 'refused'),
  sp008: own(400, 'refused'),
  sp009: own(400, 'refused'),
  sp010: own(400, 'refused'),
  sp011: own(400, 'refused'),
  sp012: own(400, 'refused'),
  sp013: own(401, 'refused'),
  sp014: own(404, 'refused'),
  sp015: own(403, 'refused'),
  sp016: own(400, 'refused'),
  sp017: own(403, 'refused'),
  sp018: own(422, 'refused'),
  sp019: own(400, 'lost'),
  sp020: own(400, 'refused'),
  sp403: own(403, 'refused'),
}

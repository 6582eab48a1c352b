import { field, isNothing, toWord } from './body.js'

/** What a code in a response body means. */
export interface Meaning {
  /** The HTTP status with the same meaning; 2xx is success. */
  readonly status: number
  /** About a write: `refused` is proof that nothing was done, `lost` that nobody can tell. */
  readonly proves: 'refused' | 'lost' | 'nothing'
  /** The API's own code, an HTTP status, or neither. */
  readonly spelling: 'own' | 'http' | 'unknown'
}

/**
 * The v2 code of a response, `SP018`, or `4042500` in the form of the national standard; undefined when there is none. All
 * zeros mean success, as banks write it. An unknown code says nothing about what the upstream did.
 */
export function responseCodeOf(body: unknown): Meaning | undefined {
  const word = toWord(field(body, 'response_code') ?? field(body, 'responseCode') ?? vendorCode(field(body, 'code')))
  if (word === '') return undefined
  if (word !== undefined && /^0+$/.test(word)) return own(200, 'nothing')
  return meaningOf(word) ?? unknown('lost')
}

/** The code of a v1 error, `422`, `"404"` or `SP403`; undefined when there is none or it is 0. */
export function errorCodeOf(body: unknown): Meaning | undefined {
  const code = field(field(body, 'error'), 'code')
  return isNothing(code) ? undefined : (meaningOf(toWord(code)) ?? unknown('nothing'))
}

/** The envelope's `status` when it is a number; 0 and 1 are flags. */
export function statusNumberOf(body: unknown): Meaning | undefined {
  const word = toWord(field(body, 'status')) ?? ''
  if (!/^\d+$/.test(word) || Number(word) < 2) return undefined
  return meaningOf(word) ?? { ...unknown('nothing'), status: Number(word) < 400 ? 300 : 400 }
}

/** Other fields of the envelope that hold an HTTP status. */
export function plainCodesOf(body: unknown): Meaning[] {
  return ['code', 'statusCode', 'status_code'].flatMap((name) => {
    const meaning = meaningOf(toWord(field(body, name)))
    return meaning?.spelling === 'http' && (meaning.status >= 400 || isSuccess(meaning)) ? [meaning] : []
  })
}

/** `code` is usually an HTTP status; it is a v2 code only if it is spelt like one. */
function vendorCode(code: unknown): unknown {
  return toWord(code)?.startsWith('sp') === true ? code : undefined
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

/** A server that failed or gave up half-way may have done the work. */
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
 * By HTTP status [old:disbursement/response-code][lsp]. When a transaction failed (001), failed in general (002, 019) or
 * timed out (005), nobody can tell whether it was done [spjs].
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

import { findUrl } from '../../../kernel/url.js'
import { isJsonObject } from '../../../upstream/json/json.js'

/** Broad enough for every known code; the catalogue decides about case. */
export function isMethodCode(code: string): boolean {
  return /^[\w.-]{1,64}$/.test(code)
}

/** An http or https URL with a host and no user, as browsers parse it, but without the mistakes that they tolerate. */
export function isWebAddress(text: string): boolean {
  const url = ADDRESS.test(text) ? findUrl(text) : undefined
  if (url === undefined) return false
  const labels = url.hostname.replace(/\.$/, '').split('.')
  return labels.every((label) => label.length > 0 && label.length <= LABEL_CHARACTERS_MAX)
}

/** Browsers also accept `https:host`, `https:///host`, `https:\\host`, and drop line feeds. */
const ADDRESS = /^https?:\/\/[^\s\p{Cc}\\<>@/?#]+(?:[/?#][^\s\p{Cc}\\<>]*)?$/iu
/** DNS. */
const LABEL_CHARACTERS_MAX = 63

/** Whether the text has no lone surrogate, such as from cutting an emoji in half: PHP cannot read JSON with one. */
export function isWholeText(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}

/** The path of the first text or key with half a character, `.a[0]`; undefined when there is none. */
export function findHalfCharacter(value: unknown): string | undefined {
  return findPath(value, (inner) => typeof inner === 'string' && !isWholeText(inner))
}

/** The path of the first map whose keys are 0, 1, 2 …: PHP cannot distinguish it from a list, and writes it as one. */
export function findNumberedMap(value: unknown): string | undefined {
  return findPath(value, (inner) => {
    const keys = isJsonObject(inner) ? Object.keys(inner) : []
    return keys.length > 0 && keys.every((key, index) => key === String(index))
  })
}

/** Visits every value and every key. The scalar limits how deep the recursion goes. */
function findPath(value: unknown, matches: (inner: unknown) => boolean, path = ''): string | undefined {
  if (matches(value)) return path
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, inner] of Object.entries(value)) {
    const innerPath = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`
    const found = matches(key) ? innerPath : findPath(inner, matches, innerPath)
    if (found !== undefined) return found
  }
  return undefined
}

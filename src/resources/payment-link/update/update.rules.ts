import { findUrl } from '../../../kernel/url.js'
import { isJsonObject } from '../../../upstream/json.js'

/** Every known code fits, and no sentence does; case is for the catalogue to tell apart. */
export function isMethodCode(code: string): boolean {
  return /^[\w.-]{1,64}$/.test(code)
}

/** An http or https address with a host and no user, by the rules of browsers, who follow it, less what they forgive. */
export function isWebAddress(text: string): boolean {
  const url = ADDRESS.test(text) ? findUrl(text) : undefined
  if (url === undefined) return false
  const labels = url.hostname.replace(/\.$/, '').split('.')
  return labels.every((label) => label.length > 0 && label.length <= LABEL_CHARACTERS_MAX)
}

/** Browsers also take `https:host`, `https:///host`, `https:\\host`, and drop line feeds. */
const ADDRESS = /^https?:\/\/[^\s\p{Cc}\\<>@/?#]+(?:[/?#][^\s\p{Cc}\\<>]*)?$/iu
/** Of a name in DNS. */
const LABEL_CHARACTERS_MAX = 63

/** Whether no surrogate stands alone, as one does where text was cut inside an emoji: PHP reads no JSON that has one. */
export function isWholeText(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}

/** Where a text or a key stands that is not whole, `.a[0]`; undefined where none does. */
export function findHalfCharacter(value: unknown): string | undefined {
  return findPlace(value, (inner) => typeof inner === 'string' && !isWholeText(inner))
}

/** Where a map stands whose keys are 0, 1, 2 …: PHP keeps no difference between it and a list, and writes it as one. */
export function findNumberedMap(value: unknown): string | undefined {
  return findPlace(value, (inner) => {
    const keys = isJsonObject(inner) ? Object.keys(inner) : []
    return keys.length > 0 && keys.every((key, index) => key === String(index))
  })
}

/** Looks at every value and every key; recursion is as deep as the scalar lets metadata be. */
function findPlace(value: unknown, isIt: (inner: unknown) => boolean, place = ''): string | undefined {
  if (isIt(value)) return place
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, inner] of Object.entries(value)) {
    const innerPlace = Array.isArray(value) ? `${place}[${key}]` : `${place}.${key}`
    const found = isIt(key) ? innerPlace : findPlace(inner, isIt, innerPlace)
    if (found !== undefined) return found
  }
  return undefined
}

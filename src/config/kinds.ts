import { createPublicKey, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import { findUrl } from '../kernel/url.js'

/** What a setting may hold: how its text is read, and what to say when it cannot be. */
export interface Kind<T> {
  /** Ends the sentence "expected …". */
  readonly expects: string
  /** Texts that a later version understands: named as such instead of being called wrong. */
  readonly isLater?: (text: string) => boolean
  /** The value, or undefined when the text is not one. */
  parse(text: string): T | undefined
}

/** Whole decimal digits: no sign, no exponent, no leading zero, no unit. */
export function wholeNumber(min: number, max: number): Kind<number> {
  return {
    expects: `a whole number from ${min} to ${max}`,
    parse: (text) => {
      const value = /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : Number.NaN
      return value >= min && value <= max ? value : undefined
    },
  }
}

/** One of some words; `later` lists those that the contract knows and this version does not have yet. */
export function oneOf<const T extends string>(words: readonly T[], later: readonly string[] = []): Kind<T> {
  return {
    expects: words.map((word) => `"${word}"`).join(' or '),
    isLater: (text) => later.includes(text),
    parse: (text) => words.find((word) => word === text),
  }
}

export function onOff(): Kind<boolean> {
  return {
    expects: '"on" or "off"',
    parse: (text) => (text === 'on' ? true : text === 'off' ? false : undefined),
  }
}

/** A feature of a later version: nothing but `off` (when there is such a value) can be said about it today. */
export function notYet(off?: string): Kind<never> {
  return {
    expects: off === undefined ? 'nothing' : `"${off}"`,
    isLater: (text) => text !== off,
    parse: () => undefined,
  }
}

/** Goes into a header, a signature or a comparison: a stray space or line end is seen here and not there. */
export function visibleText(): Kind<string> {
  return {
    expects: 'visible ASCII characters without spaces',
    parse: (text) => (/^[\x21-\x7e]{1,1024}$/.test(text) ? text : undefined),
  }
}

export function listenHost(): Kind<string> {
  return {
    expects: 'an IP address or a host name, without port or brackets',
    parse: (text) => (isIP(text) !== 0 || isHostName(text) ? text : undefined),
  }
}

/** A folder by its path; whether it is there is seen when it is read. */
export function folder(): Kind<string> {
  return {
    expects: 'the path of a folder',
    parse: (text) => (text.includes('\0') || text.trim() === '' ? undefined : text),
  }
}

/** Exact web origins with commas between them. */
export function webOrigins(): Kind<readonly string[]> {
  return {
    expects: 'web origins with commas between them, such as "https://shop.example,http://localhost:3000"',
    parse: (text) => {
      const origins = text.split(',').map((part) => part.trim())
      return origins.every(isWebOrigin) ? Object.freeze(origins) : undefined
    },
  }
}

/** Where callers' keys are published: nobody on the way may put in keys of their own. */
export function keySetUrl(): Kind<string> {
  return {
    expects: 'an https URL without user, password or fragment (http is for loopback only)',
    parse: (text) => {
      const url = /^https?:\/\/[^\s/?#@\\]+(?:[/?][^\s#\\]*)?$/i.test(text) ? findUrl(text) : undefined
      return url && isPrivateOnItsWay(url) ? url.href : undefined
    },
  }
}

/** A key that can check signatures and make none: PEM "PUBLIC KEY", with line ends or the two characters `\n` for each. */
export function publicKey(): Kind<KeyObject> {
  return {
    expects:
      'a public key in PEM (-----BEGIN PUBLIC KEY-----): RSA of at least 2048 bits, EC P-256, P-384 or P-521, or Ed25519',
    parse: (text) => {
      const pem = text.replaceAll('\\n', '\n').trim()
      // Node would also derive a public key from a private one: that does not belong here.
      if (!/^-----BEGIN PUBLIC KEY-----\n[^-]+-----END PUBLIC KEY-----$/.test(pem.replaceAll('\r', '')))
        return undefined
      try {
        const key = createPublicKey(pem)
        return isStrongKey(key) ? key : undefined
      } catch {
        return undefined
      }
    },
  }
}

/** The text itself is the key, as UTF-8. */
export function sharedSecret(bytesMin: number): Kind<string> {
  return {
    expects: `at least ${bytesMin} bytes of UTF-8`,
    parse: (text) => (Buffer.byteLength(text) >= bytesMin ? text : undefined),
  }
}

/** Where the gateway reads: the embedded sandbox, or an API by its origin. */
export type UpstreamPlace = { readonly kind: 'sandbox' } | { readonly kind: 'origin'; readonly origin: string }

export function upstreamPlace(): Kind<UpstreamPlace> {
  return {
    expects:
      'the word "sandbox" or an https origin without path, query, user or password, such as ' +
      '"https://sandbox-payment-b2b.singapay.id" (http is for loopback only)',
    parse: (text) => {
      if (text === 'sandbox') return { kind: 'sandbox' }
      const origin = parseUpstreamOrigin(text)
      return origin === undefined ? undefined : { kind: 'origin', origin }
    },
  }
}

/** Whether only this machine can reach a listener on `host`. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1' || host === '[::1]') return true
  return isIP(host) === 4 && host.startsWith('127.')
}

function isHostName(text: string): boolean {
  const isNumeric = /^[\d.]+$/.test(text)
  return !isNumeric && text.length <= 253 && /^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i.test(text)
}

function isWebOrigin(text: string): boolean {
  return /^https?:/.test(text) && findUrl(text)?.origin === text
}

function parseUpstreamOrigin(text: string): string | undefined {
  // The shape first: a URL parser forgives spaces, backslashes and missing slashes.
  const url = /^https?:\/\/[^\s/?#@\\]+\/?$/i.test(text) ? findUrl(text) : undefined
  return url && isPrivateOnItsWay(url) ? url.origin : undefined
}

function isPrivateOnItsWay({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || isLoopback(hostname)
}

function isStrongKey({ asymmetricKeyType, asymmetricKeyDetails: details }: KeyObject): boolean {
  if (asymmetricKeyType === 'rsa') return (details?.modulusLength ?? 0) >= 2048
  if (asymmetricKeyType === 'ec') return ['prime256v1', 'secp384r1', 'secp521r1'].includes(details?.namedCurve ?? '')
  return asymmetricKeyType === 'ed25519'
}

import { createPublicKey, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import { findUrl } from '../kernel/url.js'

/** The kind of value a setting has: how its text is parsed, and what to say when that fails. */
export interface Kind<T> {
  /** Completes the sentence "expected …". */
  readonly expects: string
  /** Whether a later version will accept the text; it is then reported as unavailable, not as invalid. */
  readonly isLater?: (text: string) => boolean
  /** The value, or undefined when the text is invalid. */
  parse(text: string): T | undefined
}

/** Decimal digits only: no sign, exponent, leading zero or unit. */
export function wholeNumber(min: number, max: number): Kind<number> {
  return {
    expects: `a whole number from ${min} to ${max}`,
    parse: (text) => {
      const value = /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : Number.NaN
      return value >= min && value <= max ? value : undefined
    },
  }
}

/** One of several words; `later` lists words that only a later version accepts. */
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

/** A feature of a later version: only its `off` value, if it has one, is accepted. */
export function notYet(off?: string): Kind<never> {
  return {
    expects: off === undefined ? 'nothing' : `"${off}"`,
    isLater: (text) => text !== off,
    parse: () => undefined,
  }
}

/** Text that ends up in a header, a signature or a comparison, where a stray space or newline would be hard to find. */
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

/** The path of a folder; whether it exists is checked when it is read. */
export function folder(): Kind<string> {
  return {
    expects: 'the path of a folder',
    parse: (text) => (text.includes('\0') || text.trim() === '' ? undefined : text),
  }
}

/** Exact web origins, separated by commas. */
export function webOrigins(): Kind<readonly string[]> {
  return {
    expects: 'web origins separated by commas, such as "https://shop.example,http://localhost:3000"',
    parse: (text) => {
      const origins = text.split(',').map((part) => part.trim())
      return origins.every(isWebOrigin) ? Object.freeze(origins) : undefined
    },
  }
}

/** Where callers' keys are published; over https, so that nobody on the network can replace them. */
export function keySetUrl(): Kind<string> {
  return {
    expects: 'an https URL without user, password or fragment (http on loopback only)',
    parse: (text) => {
      const url = /^https?:\/\/[^\s/?#@\\]+(?:[/?][^\s#\\]*)?$/i.test(text) ? findUrl(text) : undefined
      return url && isEncryptedOrLocal(url) ? url.href : undefined
    },
  }
}

/** A public key as PEM "PUBLIC KEY", with line breaks or with the two characters `\n` in their place. */
export function publicKey(): Kind<KeyObject> {
  return {
    expects:
      'a public key in PEM (-----BEGIN PUBLIC KEY-----): RSA of at least 2048 bits, EC P-256, P-384 or P-521, or Ed25519',
    parse: (text) => {
      const pem = text.replaceAll('\\n', '\n').trim()
      // Node would derive a public key even from a private one, which does not belong here.
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

/** A secret whose UTF-8 bytes are the key. */
export function sharedSecret(bytesMin: number): Kind<string> {
  return {
    expects: `at least ${bytesMin} bytes of UTF-8`,
    parse: (text) => (Buffer.byteLength(text) >= bytesMin ? text : undefined),
  }
}

/** The upstream: the embedded sandbox, or an API at an origin. */
export type UpstreamPlace = { readonly kind: 'sandbox' } | { readonly kind: 'origin'; readonly origin: string }

export function upstreamPlace(): Kind<UpstreamPlace> {
  return {
    expects:
      'the word "sandbox" or an https origin without path, query, user or password, such as ' +
      '"https://sandbox-payment-b2b.singapay.id" (http on loopback only)',
    parse: (text) => {
      if (text === 'sandbox') return { kind: 'sandbox' }
      const origin = parseUpstreamOrigin(text)
      return origin === undefined ? undefined : { kind: 'origin', origin }
    },
  }
}

/** Whether a listener on `host` can be reached from this machine only. */
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
  // Checked as text first, because URL parsers tolerate spaces, backslashes and missing slashes.
  const url = /^https?:\/\/[^\s/?#@\\]+\/?$/i.test(text) ? findUrl(text) : undefined
  return url && isEncryptedOrLocal(url) ? url.origin : undefined
}

function isEncryptedOrLocal({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || isLoopback(hostname)
}

function isStrongKey({ asymmetricKeyType, asymmetricKeyDetails: details }: KeyObject): boolean {
  if (asymmetricKeyType === 'rsa') return (details?.modulusLength ?? 0) >= 2048
  if (asymmetricKeyType === 'ec') return ['prime256v1', 'secp384r1', 'secp521r1'].includes(details?.namedCurve ?? '')
  return asymmetricKeyType === 'ed25519'
}

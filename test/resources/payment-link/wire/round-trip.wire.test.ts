import fc from 'fast-check'
import { isLosslessNumber, parse, stringify } from 'lossless-json'
import { describe, expect, it } from 'vitest'
import { toInstant } from '../../../../src/kernel/instant.js'
import type { UpdateChanges } from '../../../../src/resources/payment-link/payment-link.model.js'
import { compareLink } from '../../../../src/resources/payment-link/update/update.verify.js'
import { encodeUpdate } from '../../../../src/resources/payment-link/update/update.wire.js'
import { parseJson } from '../../../../src/upstream/json/json.js'
import {
  anyDialect,
  anyMethods,
  anyStoredLink,
  anyUrl,
  CATALOGUE,
  changed,
  linkOf,
  metadataText,
  modelOf,
  rowOf,
  type StoredLink,
} from '../stored-link.js'

const anyChanges: fc.Arbitrary<UpdateChanges> = fc.record(
  {
    status: fc.constantFrom('OPEN', 'CLOSED', 'EXPIRED'),
    maxUsage: fc.integer({ min: 1, max: 1_000_000 }),
    requiredCustomerDetail: fc.boolean(),
    expiredAt: fc.option(fc.integer({ min: 1_000_000_000_000, max: 9_999_999_999_999 }).map(toInstant)),
    whitelistedPaymentMethod: anyMethods,
    redirectUrl: anyUrl,
    optionalMetadata: fc.option(metadataText.map((text) => parseJson(text) as Record<string, unknown>)),
  },
  { requiredKeys: [] },
)

describe('one link in every dialect', () => {
  it('parses a link to the same model in every dialect', () => {
    fc.assert(
      fc.property(anyStoredLink, anyDialect, (stored, dialect) => {
        const { optionalMetadata, ...link } = linkOf(rowOf(stored, dialect))
        expect(link).toStrictEqual(modelOf(stored))
        expect(exact(stringify(optionalMetadata))).toBe(exact(stored.metadata))
      }),
      { numRuns: 500 },
    )
  })
})

describe('an update', () => {
  it('changes only the requested fields through a PUT that replaces everything', () => {
    fc.assert(
      fc.property(anyStoredLink, anyDialect, anyDialect, anyChanges, (stored, dialect, later, changes) => {
        const put = putReplacing(stored, bodyOf(rowOf(stored, dialect), changes))
        const { optionalMetadata, ...link } = linkOf(rowOf(put, later))
        expect(link).toStrictEqual(modelOf(changed(stored, changes)))
        const { optionalMetadata: asked } = changes
        expect(exact(stringify(optionalMetadata))).toBe(
          exact(asked === undefined ? stored.metadata : (stringify(asked ?? {}) ?? '')),
        )
        expect(compareLink(linkOf(rowOf(put, later)), changes, CATALOGUE)).toEqual({ different: [], absent: [] })
      }),
      { numRuns: 500 },
    )
  })
})

function bodyOf(row: Record<string, unknown>, changes: UpdateChanges): string {
  const encoded = encodeUpdate(row, changes, CATALOGUE)
  if ('inexpressible' in encoded) throw new Error(JSON.stringify(encoded.inexpressible))
  return encoded.body
}

/** The update route as documented [seed:update]: it validates and replaces every known field, absent ones by defaults. */
function putReplacing(stored: StoredLink, bodyText: string): StoredLink {
  const body = parse(bodyText) as Record<string, unknown>
  const status = String(body['status']).toLowerCase()
  const maxUsage = isLosslessNumber(body['max_usage']) ? Number(body['max_usage'].value) : Number.NaN
  const { expired_at: expiredAt = null, whitelisted_payment_method: methods = null, redirect_url: url = null } = body
  const { required_customer_detail: flag = false, optional_metadata: metadata = null } = body
  if (status !== 'open' && status !== 'closed' && status !== 'expired') throw new Error(`422 status: ${bodyText}`)
  if (!(Number.isInteger(maxUsage) && maxUsage >= 1 && maxUsage <= 1_000_000)) throw new Error(`422 usage: ${bodyText}`)
  if (typeof flag !== 'boolean') throw new Error(`422 flag: ${bodyText}`)
  if (expiredAt !== null && !(typeof expiredAt === 'string' && /^\d{13}$/.test(expiredAt))) {
    throw new Error(`422 expired_at: ${bodyText}`)
  }
  if (methods !== null && !(Array.isArray(methods) && methods.every((code) => CATALOGUE.includes(code)))) {
    throw new Error(`422 methods: ${bodyText}`)
  }
  if (url !== null && typeof url !== 'string') throw new Error(`422 url: ${bodyText}`)
  if (typeof metadata !== 'object' || Array.isArray(metadata)) throw new Error(`422 metadata: ${bodyText}`)
  return {
    ...stored,
    status,
    maxUsage,
    requiredCustomerDetail: flag,
    expiresAtSecond: expiredAt === null ? null : Math.floor(Number(expiredAt) / 1000),
    methods: Array.isArray(methods) && methods.length > 0 ? methods : null,
    redirectUrl: url,
    metadata: metadata === null ? '{}' : (stringify(metadata) ?? '{}'),
  }
}

/** The same text for the same JSON value: keys sorted, every number as its exact digits and power of ten. */
function exact(text: string | undefined): string {
  return canonical(parse(text ?? ''))
}

function canonical(value: unknown): string {
  if (isLosslessNumber(value)) return exactNumber(value.value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`
}

function exactNumber(text: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return '0'
  return `${sign}${significant}e${Number(power) - fraction.length + digits.length - significant.length}`
}

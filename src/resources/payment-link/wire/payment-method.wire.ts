import { ELEMENTS_MAX, expected, isBlank, listOf, read, readText, wireObject } from '../../../upstream/json/reader.js'
import { MalformedResponse } from '../../../upstream/malformed-response.js'

const RENAMED = /^RETAIL_(.+)_LINKQU$/

/**
 * A payment method's code as the catalogue spells it. Link rows rename the retail ones: `ALFAMART` is returned as
 * `RETAIL_ALFAMART_LINKQU` [lsp inventory #56].
 */
export function catalogueCode(code: string): string {
  return RENAMED.exec(code)?.[1] ?? code
}

/** Codes as received: a list, or comma-separated text as some systems store it. */
export function readMethodCodes(value: unknown, path: string): readonly string[] {
  if (typeof value !== 'string') return readCodes(value, path)
  const codes = readCodes(value.split(',', ELEMENTS_MAX + 1), path).map((code) => code.trim())
  if (codes.every((code) => /^[A-Z][A-Z\d_]*$/.test(code))) return codes
  throw expected('codes of payment methods', value)
}

const readCodes = listOf(readText)

/**
 * Parses the response of the method catalogue: `data.available_codes` and the codes of `data.payment_methods`, without
 * duplicates [old:payment-link/get-available-payment-method].
 * @throws MalformedResponse
 */
export function parsePaymentMethods(body: unknown): readonly string[] {
  const data = read(wireObject(body, '$'), 'data', wireObject)
  const { available_codes: codes, payment_methods: methods } = data.fields
  if (isBlank(codes) && isBlank(methods)) {
    throw new MalformedResponse(data.path, expected('available_codes or payment_methods', data.fields))
  }
  const listed = isBlank(codes) ? [] : read(data, 'available_codes', listOf(readText))
  const described = isBlank(methods) ? [] : read(data, 'payment_methods', listOf(readMethodCode))
  return [...new Set([...listed, ...described])]
}

function readMethodCode(value: unknown, path: string): string {
  return read(wireObject(value, path), 'code', readText)
}

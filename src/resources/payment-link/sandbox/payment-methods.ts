/** The catalogue of the real sandbox on 2026-08-21: 20 codes [lsp]. */
export const PAYMENT_METHODS: readonly { readonly code: string; readonly name: string; readonly group: string }[] = [
  { code: 'NICEPAY_CARD', name: 'Kartu Kredit/Debit', group: 'card' },
  { code: 'EWALLET_DANA', name: 'DANA', group: 'ewallet' },
  { code: 'EWALLET_GOPAY', name: 'GoPay', group: 'ewallet' },
  { code: 'EWALLET_OVO', name: 'OVO', group: 'ewallet' },
  { code: 'EWALLET_SHOPEEPAY', name: 'ShopeePay', group: 'ewallet' },
  { code: 'QRIS', name: 'QRIS', group: 'qris' },
  { code: 'ALFAMART', name: 'Alfamart', group: 'offline_store' },
  { code: 'INDOMARET', name: 'Indomaret', group: 'offline_store' },
  ...['BCA', 'BNC', 'BNI', 'BRI', 'BSI', 'CIMB', 'DANAMON', 'MANDIRI', 'MAYBANK', 'MUAMALAT', 'OCBC', 'PERMATA'].map(
    (bank) => ({ code: `VA_${bank}`, name: `Virtual Account ${bank}`, group: 'va' }),
  ),
]

const CODES = new Set(PAYMENT_METHODS.map((method) => method.code))

/** Codes are spelled exactly as in the catalogue; a renamed retail code is not one. */
export function isPaymentMethod(code: unknown): code is string {
  return typeof code === 'string' && CODES.has(code)
}

/** The whitelist stored for the codes of an update: in another order, retail codes renamed; no codes mean all [lsp]. */
export function echoedWhitelist(codes: readonly string[]): readonly string[] {
  const wanted = codes.length === 0 ? CODES : new Set(codes)
  return PAYMENT_METHODS.filter(({ code }) => wanted.has(code))
    .map(({ code, group }) => (group === 'offline_store' ? `RETAIL_${code}_LINKQU` : code))
    .reverse()
}

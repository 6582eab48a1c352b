/** Asia/Jakarta is seven hours ahead of UTC all year. */
const OFFSET_MS = 7 * 3_600_000

/**
 * The calendar day in Jakarta as `YYYYMMDD`, which the access-token signature covers. A UTC day would be refused
 * between 00:00 and 07:00 Jakarta time [lsp:src/Auth/AccessTokenSigner.php].
 */
export function jakartaDay(epochMs: number): string {
  return new Date(epochMs + OFFSET_MS).toISOString().slice(0, 10).replaceAll('-', '')
}

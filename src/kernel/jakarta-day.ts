/** Asia/Jakarta is seven hours ahead of UTC all year. */
const OFFSET_MS = 7 * 3_600_000

/**
 * The calendar day in Jakarta as `YYYYMMDD`: what the access-token signature is made over. A UTC day is refused from
 * 00:00 to 07:00 there [lsp:src/Auth/AccessTokenSigner.php].
 */
export function jakartaDay(epochMs: number): string {
  return new Date(epochMs + OFFSET_MS).toISOString().slice(0, 10).replaceAll('-', '')
}

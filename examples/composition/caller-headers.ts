/** The headers that identify the caller and the request. Every gateway here forwards these and no others. */
const FORWARDED = ['authorization', 'x-partner-id', 'x-request-id'] as const

export type CallerHeaders = Readonly<Record<string, string>>

export function callerHeaders(read: (name: string) => string | null | undefined): CallerHeaders {
  const found = FORWARDED.map((name) => [name, read(name)] as const)
  return Object.fromEntries(found.filter((header): header is [(typeof FORWARDED)[number], string] => header[1] != null))
}

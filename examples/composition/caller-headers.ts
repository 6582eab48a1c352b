/** What says who calls and which request this is: every gateway below hands these on, and nothing else. */
const PASSED_ON = ['authorization', 'x-partner-id', 'x-request-id'] as const

export type CallerHeaders = Readonly<Record<string, string>>

export function callerHeaders(read: (name: string) => string | null | undefined): CallerHeaders {
  const found = PASSED_ON.map((name) => [name, read(name)] as const)
  return Object.fromEntries(found.filter((header): header is [(typeof PASSED_ON)[number], string] => header[1] != null))
}

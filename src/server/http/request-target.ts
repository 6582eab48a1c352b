import type { IncomingMessage } from 'node:http'

/** The path of a request target, without its query and without a trailing slash. */
export function pathOf(url: string): string {
  const path = url.split('?', 1)[0] ?? ''
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

/** The query of a request target including its question mark, or an empty string. */
export function searchOf(url: string): string {
  const start = url.indexOf('?')
  return start < 0 ? '' : url.slice(start)
}

/** Turns a target in absolute form into its path; its host replaces the `Host` header (RFC 9112, 3.2.2). */
export function inOriginForm({ url = '', headers }: IncomingMessage): string {
  if (url.startsWith('/')) return url
  const [, host, target = ''] = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url) ?? []
  if (host === undefined) return url
  headers.host = host
  return target.startsWith('/') ? target : `/${target}`
}

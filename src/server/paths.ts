import type { IncomingMessage } from 'node:http'

/** The path of a request's target without its query; a slash at the end says nothing. */
export function pathOf(url: string): string {
  const path = url.split('?', 1)[0] ?? ''
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

/** The query of a request's target with its question mark, or nothing. */
export function searchOf(url: string): string {
  const start = url.indexOf('?')
  return start < 0 ? '' : url.slice(start)
}

/** A whole address as target means what its path means, and its host counts in place of the header (RFC 9112, 3.2.2). */
export function inOriginForm({ url = '', headers }: IncomingMessage): string {
  if (url.startsWith('/')) return url
  const [, host, target = ''] = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url) ?? []
  if (host === undefined) return url
  headers.host = host
  return target.startsWith('/') ? target : `/${target}`
}

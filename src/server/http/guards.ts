import type { onRequestHookHandler } from 'fastify'
import { findUrl } from '../../kernel/url.js'
import { chooseMediaType } from './accept.js'
import { refuse } from './error-responses.js'

/** Guards against DNS rebinding: a local server accepts local host names only. */
export const refuseForeignHost: onRequestHookHandler = (request, reply, next) => {
  if (/^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(request.headers.host ?? '')) return next()
  refuse(reply, 421, 'This server accepts the hosts localhost, 127.0.0.1 and [::1] only.')
}

/**
 * HTTP/1.1 requires `Host`. It is checked here because Node's own refusal has no body. HTTP/1.0 has no such header
 * (HAProxy's health check sends none), so there it counts as localhost: browsers never send HTTP/1.0.
 */
export const refuseBadHost: onRequestHookHandler = (request, reply, next) => {
  if (request.raw.httpVersion === '1.0') request.headers.host ??= 'localhost'
  const { host } = request.headers
  if (host !== undefined && /^[^\s/?#@\\]+$/.test(host) && findUrl(`http://${host}/`) !== undefined) return next()
  refuse(reply, 400, 'The Host header is missing or malformed.')
}

/** Checked before anything runs: Apollo Server would notice only after a mutation had been executed. */
export const refuseUnacceptable: onRequestHookHandler = (request, reply, next) => {
  if (chooseMediaType(request.headers.accept) !== undefined) return next()
  refuse(reply, 406, 'Responses are application/json or application/graphql-response+json.')
}

export const refuseContentEncoding: onRequestHookHandler = (request, reply, next) => {
  const encoding = request.headers['content-encoding']
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return next()
  reply.header('accept-encoding', 'identity')
  refuse(reply, 415, 'The body must not have a content encoding.')
}

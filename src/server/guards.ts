import type { onRequestHookHandler } from 'fastify'
import { findUrl } from '../kernel/url.js'
import { chooseMediaType } from './accept.js'
import { refuse } from './refusals.js'

/** A server of one's own machine answers to its own names only: a foreign name was rebound to reach it from a page. */
export const refuseForeignHost: onRequestHookHandler = (request, reply, next) => {
  if (/^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(request.headers.host ?? '')) return next()
  refuse(reply, 421, 'This server answers to localhost, 127.0.0.1 and [::1] only.')
}

/**
 * HTTP/1.1 wants one `Host`; Node's own refusal of none has no body, so it is done here. HTTP/1.0 knows none (HAProxy's
 * check sends none): then it is this machine that is meant, and no browser can ask so.
 */
export const refuseBadHost: onRequestHookHandler = (request, reply, next) => {
  if (request.raw.httpVersion === '1.0') request.headers.host ??= 'localhost'
  const { host } = request.headers
  if (host !== undefined && /^[^\s/?#@\\]+$/.test(host) && findUrl(`http://${host}/`) !== undefined) return next()
  refuse(reply, 400, 'The Host header is missing or malformed.')
}

/** Before anything runs: Apollo Server would find it out after a mutation has been made. */
export const refuseUnacceptable: onRequestHookHandler = (request, reply, next) => {
  if (chooseMediaType(request.headers.accept) !== undefined) return next()
  refuse(reply, 406, 'Answers are application/json or application/graphql-response+json.')
}

export const refuseContentEncoding: onRequestHookHandler = (request, reply, next) => {
  const encoding = request.headers['content-encoding']
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return next()
  reply.header('accept-encoding', 'identity')
  refuse(reply, 415, 'The body must come without a content encoding.')
}

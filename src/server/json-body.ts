import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import { GatewayError } from '../kernel/errors.js'
import { countValues } from '../upstream/json.js'
import { findInexactVariable } from './exact-variables.js'
import { searchOf } from './paths.js'
import { refuseFor, UnreadableBody } from './refusals.js'

/** Ten thousand references have fewer; telling what is wrong with so many more takes seconds. */
const VALUES_MAX = 50_000

/** Takes `application/json` in UTF-8 and nothing else; Fastify alone would decode any charset as UTF-8, with losses. */
export function useJsonBody(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser('error', 'error')
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (!isUtf8(request.headers['content-type'])) return done(new UnreadableBody(415, 'The body must be in UTF-8.'))
    if (countValues(body as Buffer) > VALUES_MAX) {
      return done(new UnreadableBody(400, `A body has at most ${VALUES_MAX} values, but got more.`))
    }
    const text = decode(body as Buffer)
    if (text === undefined) return done(new UnreadableBody(400, 'The body is not UTF-8.'))
    if (text.trim() === '') return done(notAnOperation('nothing'))
    const inexact = findInexactVariable(text)
    if (inexact !== undefined) return done(new GatewayError('BAD_USER_INPUT', inexact))
    parseJson(request, text, (error, parsed) => {
      if (error === null && parsed?.operationName === '') parsed.operationName = null
      const other = error === null ? kindOtherThanObject(parsed) : undefined
      done(other === undefined ? error : notAnOperation(other), parsed)
    })
  })
}

/** The same of the variables that a GET brings in its URL. */
export const refuseInexactVariables: onRequestHookHandler = (request, reply, next) => {
  const search = new URLSearchParams(searchOf(request.url))
  for (const variables of search.getAll('variables')) {
    const inexact = findInexactVariable(`{"variables":${variables}}`)
    if (inexact !== undefined) {
      refuseFor(reply, new GatewayError('BAD_USER_INPUT', inexact))
      return
    }
  }
  next()
}

function isUtf8(contentType: string | undefined): boolean {
  const charset = /;\s*charset="?([^\s;"]+)/i.exec(contentType ?? '')?.[1]
  return charset === undefined || /^utf-?8$/i.test(charset)
}

function decode(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return undefined
  }
}

function notAnOperation(came: string): UnreadableBody {
  return new UnreadableBody(400, `The body must be a JSON object with a query, but got: ${came}.`)
}

function kindOtherThanObject(value: unknown): string | undefined {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array; several operations are sent one by one'
  if (typeof value !== 'object') return `a ${typeof value}`
  return Object.keys(value).length === 0 ? 'an object without keys' : undefined
}

import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import { GatewayError } from '../../kernel/errors.js'
import { countValues } from '../../upstream/json/json.js'
import { InvalidBody, sendError } from './error-responses.js'
import { findInexactVariable } from './exact-variables.js'
import { searchOf } from './request-target.js'

/** Room for ten thousand references. Reporting validation errors for many more values would take seconds. */
const VALUES_MAX = 50_000

/** Accepts only `application/json` in UTF-8. By itself, Fastify decodes any charset as UTF-8 and loses characters. */
export function useJsonBody(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser('error', 'error')
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (!isUtf8(request.headers['content-type'])) return done(new InvalidBody(415, 'The body must be UTF-8.'))
    if (countValues(body as Buffer) > VALUES_MAX) {
      return done(new InvalidBody(400, `Expected at most ${VALUES_MAX} values in the body, but got more.`))
    }
    const text = decodeUtf8(body as Buffer)
    if (text === undefined) return done(new InvalidBody(400, 'The body is not UTF-8.'))
    if (text.trim() === '') return done(notAnOperation('nothing'))
    const inexact = findInexactVariable(text)
    if (inexact !== undefined) return done(new GatewayError('BAD_USER_INPUT', inexact))
    parseJson(request, text, (error, parsed) => {
      if (error === null && parsed?.operationName === '') parsed.operationName = null
      const problem = error === null ? whyNotAnOperation(parsed) : undefined
      done(problem === undefined ? error : notAnOperation(problem), parsed)
    })
  })
}

/** The same check for variables in the URL of a GET. */
export const refuseInexactVariables: onRequestHookHandler = (request, reply, next) => {
  const search = new URLSearchParams(searchOf(request.url))
  for (const variables of search.getAll('variables')) {
    const inexact = findInexactVariable(`{"variables":${variables}}`)
    if (inexact !== undefined) {
      sendError(reply, new GatewayError('BAD_USER_INPUT', inexact))
      return
    }
  }
  next()
}

function isUtf8(contentType: string | undefined): boolean {
  const charset = /;\s*charset="?([^\s;"]+)/i.exec(contentType ?? '')?.[1]
  return charset === undefined || /^utf-?8$/i.test(charset)
}

function decodeUtf8(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return undefined
  }
}

function notAnOperation(got: string): InvalidBody {
  return new InvalidBody(400, `The body must be a JSON object with a query, but got: ${got}.`)
}

function whyNotAnOperation(value: unknown): string | undefined {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array; send operations one by one'
  if (typeof value !== 'object') return `a ${typeof value}`
  return Object.keys(value).length === 0 ? 'an object without keys' : undefined
}

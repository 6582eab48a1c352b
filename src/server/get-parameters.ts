import type { onRequestHookHandler } from 'fastify'
import { searchOf } from './paths.js'

/** What a form or a client sends for nothing is nothing; Apollo Server would take it for a value of the wrong kind. */
export const dropEmptyParameters: onRequestHookHandler = (request, _reply, next) => {
  const search = searchOf(request.url)
  const parameters = [...new URLSearchParams(search)]
  const given = parameters.filter(([name, value]) => !isAbsent(name, value))
  if (given.length < parameters.length) {
    request.raw.url = `${request.url.slice(0, -search.length)}?${new URLSearchParams(given)}`
  }
  next()
}

function isAbsent(name: string, value: string): boolean {
  if (name === 'operationName') return value === ''
  return (name === 'variables' || name === 'extensions') && ['', 'null'].includes(value.trim())
}

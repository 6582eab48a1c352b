import type { onRequestHookHandler } from 'fastify'
import { searchOf } from './request-target.js'

/** Drops parameters that forms and clients send empty; Apollo Server would refuse them as values of the wrong type. */
export const dropEmptyParameters: onRequestHookHandler = (request, _reply, next) => {
  const search = searchOf(request.url)
  const parameters = [...new URLSearchParams(search)]
  const given = parameters.filter(([name, value]) => !isEmpty(name, value))
  if (given.length < parameters.length) {
    request.raw.url = `${request.url.slice(0, -search.length)}?${new URLSearchParams(given)}`
  }
  next()
}

function isEmpty(name: string, value: string): boolean {
  if (name === 'operationName') return value === ''
  return (name === 'variables' || name === 'extensions') && ['', 'null'].includes(value.trim())
}

import type { onSendHookHandler, preParsingHookHandler } from 'fastify'

/** Asks for the body of a request with `Expect: 100-continue`, unless it is too large anyway. */
export function continueExpected(maxBodyBytes: number): preParsingHookHandler {
  return ({ headers, raw }, reply, _payload, next) => {
    const isExpected = raw.httpVersion === '1.1' && /^100-continue$/i.test(headers.expect ?? '')
    if (isExpected && !(Number(headers['content-length']) > maxBodyBytes)) reply.raw.writeContinue()
    next()
  }
}

/** Closes the connection when a response goes out before the request's body has arrived, unless it is small. */
export function closeOverUnreadBody(maxBodyBytes: number): onSendHookHandler {
  return ({ headers, raw }, reply, _payload, next) => {
    const isShort = headers['transfer-encoding'] === undefined && !(Number(headers['content-length']) > maxBodyBytes)
    if (!raw.complete && !isShort) reply.header('connection', 'close')
    next()
  }
}

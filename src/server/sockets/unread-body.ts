import type { onSendHookHandler, preParsingHookHandler } from 'fastify'

/** Asks for the body that a caller holds back (`Expect: 100-continue`), unless it is refused by its length anyway. */
export function continueExpected(maxBodyBytes: number): preParsingHookHandler {
  return ({ headers, raw }, reply, _payload, next) => {
    const isExpected = raw.httpVersion === '1.1' && /^100-continue$/i.test(headers.expect ?? '')
    if (isExpected && !(Number(headers['content-length']) > maxBodyBytes)) reply.raw.writeContinue()
    next()
  }
}

/** An answer to a request whose body is neither here nor known to be short is the last of its connection. */
export function closeOverUnreadBody(maxBodyBytes: number): onSendHookHandler {
  return ({ headers, raw }, reply, _payload, next) => {
    const isShort = headers['transfer-encoding'] === undefined && !(Number(headers['content-length']) > maxBodyBytes)
    if (!raw.complete && !isShort) reply.header('connection', 'close')
    next()
  }
}

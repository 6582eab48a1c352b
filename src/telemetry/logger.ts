import { type DestinationStream, pino } from 'pino'
import { describeError } from './describe-error.js'

/** The part of pino that the gateway uses; fields first, then a constant sentence. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug'

/**
 * One JSON object a line, on standard output unless a destination is given. Credentials and variables are censored
 * wherever a field of that name stands (up to three levels down); an error given as `err`, `error` or `cause` is written
 * by `describeError`, never with its own text or stack.
 */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    // Neither process id nor host name: nobody asked who runs it.
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError, error: describeError, cause: describeError },
    redact: { paths: CENSORED_PATHS, censor: '[censored]' },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

const CENSORED_NAMES = [
  'authorization',
  'Authorization',
  'x-partner-id',
  'X-PARTNER-ID',
  'x-signature',
  'X-Signature',
  'token',
  'accessToken',
  'access_token',
  'secret',
  'clientSecret',
  'client_secret',
  'apiKey',
  'password',
  'variables',
]

const CENSORED_PATHS = CENSORED_NAMES.flatMap((name) => {
  const key = `["${name}"]`
  return [key, `*${key}`, `*.*${key}`]
})

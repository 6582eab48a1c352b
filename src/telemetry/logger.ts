import { type DestinationStream, pino } from 'pino'
import { describeError } from './describe-error.js'

/** The part of pino that the gateway uses: fields first, then a constant message. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug'

/**
 * Writes one JSON object per line, to standard output by default. Fields named like a credential or `variables` are
 * censored, up to three levels deep. Errors given as `err`, `error` or `cause` go through `describeError`, never with
 * their own message or stack.
 */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    // No process id and no host name.
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

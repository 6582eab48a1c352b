import { unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { ERROR_TABLE, type ErrorCode, GatewayError } from '../kernel/errors.js'
import { cutText } from '../kernel/excerpt.js'
import type { Logger } from '../telemetry/logger.js'
import { errorExtensions, MASKED_MESSAGE } from './error-shape.js'
import { exchanges } from './exchange.js'

export type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError

/**
 * Gives every GraphQL error the contract's shape. What was thrown on purpose is shown as it is; everything else is
 * masked, and logged with the request id that the caller is told to quote.
 */
export function createFormatError(logger: Logger): FormatError {
  return (formatted, error) => {
    const exchange = exchanges.getStore()
    const requestId = exchange?.requestId ?? 'unknown'
    const shown = showable(formatted, error) ?? masked(logger, requestId, error)
    const extensions = errorExtensions(shown.code, requestId, shown)
    // The table speaks of reads: whether a write that ran out of time has happened is not known.
    const isLateWrite = shown.code === 'REQUEST_TIMEOUT' && exchange?.operationKind === 'mutation'
    return {
      // Apollo ends a sentence of its own with a line end.
      message: shortened(shown.message).trimEnd(),
      ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
      ...(formatted.path === undefined ? {} : { path: formatted.path }),
      extensions: isLateWrite ? { ...extensions, retryable: false } : { ...extensions },
    }
  }
}

/** Of either end of a message. */
const CHARACTERS_MAX = 500

/** graphql-js repeats what came, a megabyte of it if need be; what is wrong with it stands at the end. */
function shortened(message: string): string {
  if (message.length <= 2 * CHARACTERS_MAX) return message
  const beforeEnd = cutText(message, message.length - CHARACTERS_MAX)
  return `${cutText(message, CHARACTERS_MAX)} … ${message.slice(beforeEnd.length)}`
}

type Shown = Pick<GatewayError, 'code' | 'message'> & Partial<Pick<GatewayError, 'retryAfterMs' | 'upstreamStatus'>>

function showable(formatted: GraphQLFormattedError, error: unknown): Shown | undefined {
  const thrown = unwrapResolverError(error)
  if (thrown instanceof GatewayError) return thrown
  if (!(thrown instanceof GraphQLError)) return undefined
  const broken = brokenConstraints(thrown)
  if (broken !== undefined) return { code: 'BAD_USER_INPUT', message: broken }
  if (isArgumentError(thrown)) return { code: 'BAD_USER_INPUT', message: thrown.message }
  const code = formatted.extensions?.['code']
  return isShownCode(code) ? { code, message: formatted.message } : undefined
}

function masked(logger: Logger, requestId: string, error: unknown): Shown {
  logger.error({ requestId, err: unwrapResolverError(error) }, 'an unexpected error was masked')
  return { code: 'INTERNAL_SERVER_ERROR', message: MASKED_MESSAGE }
}

/** Whether a `GraphQLError` of this code was meant to be read; the text of an internal one never was. */
function isShownCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR' && Object.hasOwn(ERROR_TABLE, code)
}

/** graphql-js gives no code to what it finds in an argument while executing (null in a variable with a default). */
function isArgumentError(error: GraphQLError): boolean {
  return isUncoded(error) && error.message.startsWith('Argument "')
}

function isUncoded(error: GraphQLError): boolean {
  return error.extensions['code'] === undefined && error.originalError === undefined
}

/** The sentences of TypeGraphQL's `ArgumentValidationError`, whose own message names nothing. */
function brokenConstraints(error: GraphQLError): string | undefined {
  const found = error.extensions['validationErrors']
  if (!Array.isArray(found)) return undefined
  const sentences = found.flatMap((one) => constraintSentences(one, []))
  return `The argument is not valid: ${sentences.join('; ') || 'it breaks a rule of the schema'}.`
}

/** Reads class-validator's tree by its names; `target` and `value` hold what the caller sent and are left alone. */
function constraintSentences(node: unknown, parents: readonly string[]): string[] {
  const { property, constraints, children } = node as {
    readonly property?: unknown
    readonly constraints?: Readonly<Record<string, string>>
    readonly children?: readonly unknown[]
  }
  const path = [...parents, String(property)]
  const own = Object.entries(constraints ?? {}).map(
    ([constraint, message]) => `${path.join('.')}: ${message} (${constraint})`,
  )
  return [...own, ...(children ?? []).flatMap((child) => constraintSentences(child, path))]
}

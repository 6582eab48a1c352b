import { unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { ERROR_TABLE, type ErrorCode, GatewayError } from '../../kernel/errors.js'
import { cutText } from '../../kernel/excerpt.js'
import type { Logger } from '../../telemetry/logger.js'
import { errorExtensions, MASKED_MESSAGE } from '../http/error-body.js'
import { requestStorage } from '../http/request-state.js'

export type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError

/**
 * Gives every GraphQL error the public shape. Deliberate errors are shown as they are; all others are masked and logged
 * with the request id that the caller is asked to quote.
 */
export function createFormatError(logger: Logger): FormatError {
  return (formatted, error) => {
    const state = requestStorage.getStore()
    const requestId = state?.requestId ?? 'unknown'
    const shown = showable(formatted, error) ?? masked(logger, requestId, error)
    const extensions = errorExtensions(shown.code, requestId, shown)
    // The table assumes a read. Nobody knows whether a write that ran out of time was applied, so it is not retryable.
    const isLateWrite = shown.code === 'REQUEST_TIMEOUT' && state?.operationKind === 'mutation'
    return {
      // Some of Apollo's own messages end with a newline.
      message: shortened(shown.message).trimEnd(),
      ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
      ...(formatted.path === undefined ? {} : { path: formatted.path }),
      extensions: isLateWrite ? { ...extensions, retryable: false } : { ...extensions },
    }
  }
}

/** Characters kept at each end of a long message. */
const CHARACTERS_MAX = 500

/** graphql-js quotes the whole input, even a megabyte of it, and puts what is wrong with it at the end. */
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

/** Whether a `GraphQLError` with this code has a message meant for callers; that of an internal error never is. */
function isShownCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR' && Object.hasOwn(ERROR_TABLE, code)
}

/** graphql-js sets no code on argument errors found during execution, such as null for a variable with a default. */
function isArgumentError(error: GraphQLError): boolean {
  const { extensions, originalError, message } = error
  return extensions['code'] === undefined && originalError === undefined && message.startsWith('Argument "')
}

/** Describes TypeGraphQL's `ArgumentValidationError`, whose own message names no argument. */
function brokenConstraints(error: GraphQLError): string | undefined {
  const found = error.extensions['validationErrors']
  if (!Array.isArray(found)) return undefined
  const sentences = found.flatMap((one) => constraintSentences(one, []))
  return `The argument is not valid: ${sentences.join('; ') || 'it breaks a rule of the schema'}.`
}

/** Walks class-validator's error tree. Never reads `target` or `value`: they hold the caller's input. */
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

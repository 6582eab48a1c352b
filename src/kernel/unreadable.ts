import { GatewayError } from './errors.js'

/** `T`, or the error that says why it is unreadable. GraphQL resolves it to null with that error at its path. */
export type Readable<T> = T | Unreadable

/** An unreadable part of an upstream response. Callers see the message; path and cause never leave the gateway. */
export class Unreadable extends GatewayError {
  override readonly name: string = 'Unreadable'
  /** Equal for equal values, different for different ones, and reveals neither. Empty where nothing compares it. */
  readonly fingerprint: string

  /**
   * @param jsonPath where in the response: `$.data[3].total_amount`
   * @param cause what was expected there and what it got; of an error, only its message is stored
   */
  constructor(
    readonly jsonPath: string,
    cause?: unknown,
    {
      message = UNREADABLE_RESPONSE,
      fingerprint = '',
    }: { readonly message?: string; readonly fingerprint?: string } = {},
  ) {
    super('UPSTREAM_MALFORMED', message, { cause: cause instanceof Error ? cause.message : cause })
    this.fingerprint = fingerprint
    // A cached page may hold thousands of these, and nothing logs them: their stacks would be most of its memory.
    this.stack = ''
  }
}

export const UNREADABLE_RESPONSE = 'The upstream sent a response that cannot be read.'

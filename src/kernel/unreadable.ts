import { GatewayError } from './errors.js'

/** `T`, or the error that says why it is unreadable. GraphQL resolves it to null with that error at its path. */
export type Readable<T> = T | Unreadable

/** An unreadable part of an upstream response. Callers see the message; path and cause go to the log only. */
export class Unreadable extends GatewayError {
  override readonly name: string = 'Unreadable'
  /** Equal for equal values, different for different ones, and reveals neither. Empty where nothing compares it. */
  readonly fingerprint: string

  /** @param jsonPath where in the response: `$.data[3].total_amount` */
  constructor(
    readonly jsonPath: string,
    { cause, message, fingerprint }: UnreadableDetails = {},
  ) {
    super('UPSTREAM_MALFORMED', message ?? 'The upstream answered something that cannot be read.', { cause })
    this.fingerprint = fingerprint ?? ''
  }
}

export interface UnreadableDetails {
  /** What was expected there and what it got. */
  readonly cause?: unknown
  readonly message?: string
  readonly fingerprint?: string
}

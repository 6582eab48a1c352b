import { GatewayError } from './errors.js'

/** `T`, or why it cannot be read, in its place. GraphQL answers such a field with null and an error at its own path. */
export type Readable<T> = T | Unreadable

/** What an answer holds that cannot be read. Its message may be shown; where it stands and why goes to the log only. */
export class Unreadable extends GatewayError {
  override readonly name: string = 'Unreadable'
  /** The same for the same value, another for another one; tells nothing of either. Empty where nobody asks. */
  readonly fingerprint: string

  /** @param jsonPath where in the answer, `$.data[3].total_amount` */
  constructor(
    readonly jsonPath: string,
    { cause, message, fingerprint }: UnreadableDetails = {},
  ) {
    super('UPSTREAM_MALFORMED', message ?? 'The upstream answered something that cannot be read.', { cause })
    this.fingerprint = fingerprint ?? ''
  }
}

export interface UnreadableDetails {
  /** What was expected there and what came. */
  readonly cause?: unknown
  readonly message?: string
  readonly fingerprint?: string
}

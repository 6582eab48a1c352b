import { GatewayError } from '../kernel/errors.js'

/** An answer that cannot be read. Its message is constant; where and why goes to the log only. */
export class MalformedAnswer extends GatewayError {
  override readonly name = 'MalformedAnswer'

  /**
   * @param jsonPath where in the answer, `$.data[3].total_amount`; for the log only
   * @param cause what was expected there and what came; for the log only
   */
  constructor(
    readonly jsonPath: string,
    cause?: unknown,
  ) {
    super('UPSTREAM_MALFORMED', 'The upstream answered something that cannot be read.', { cause })
  }
}

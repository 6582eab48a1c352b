import { Unreadable, type UnreadableDetails } from '../kernel/unreadable.js'

/** An answer, or a part of one, that cannot be read. */
export class MalformedAnswer extends Unreadable {
  override readonly name = 'MalformedAnswer'

  /**
   * @param jsonPath where in the answer, `$.data[3].total_amount`; for the log only
   * @param cause what was expected there and what came; for the log only
   */
  constructor(jsonPath: string, cause?: unknown, details: Omit<UnreadableDetails, 'cause'> = {}) {
    super(jsonPath, { ...details, cause })
  }
}

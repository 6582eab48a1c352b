import { Unreadable, type UnreadableDetails } from '../kernel/unreadable.js'

/** A successful response, or a part of one, that does not have the documented form. */
export class MalformedResponse extends Unreadable {
  override readonly name = 'MalformedResponse'

  /**
   * @param jsonPath where in the response, `$.data[3].total_amount`; for the log only
   * @param cause what was expected there and what came; for the log only
   */
  constructor(jsonPath: string, cause?: unknown, details: Omit<UnreadableDetails, 'cause'> = {}) {
    super(jsonPath, { ...details, cause })
  }
}

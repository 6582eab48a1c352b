import { Unreadable } from '../kernel/unreadable.js'

/** A successful response, or a part of one, that does not have the documented form. */
export class MalformedResponse extends Unreadable {
  override readonly name = 'MalformedResponse'
}

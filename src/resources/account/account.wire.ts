import { isEmptyCollection, nullable, read, readText, wireObject, wordOf } from '../wire-values.js'
import { ACCOUNT_STATUSES, type AccountFacts } from './account.model.js'

const NO_FACTS: AccountFacts = { name: undefined, email: undefined, phone: undefined, status: undefined }

/**
 * Reads the `account` of a link row [seed:show, seed:list]. Its `id` is not read: it may be an internal integer
 * [seed:update], and the account is known from the request path.
 * @throws MalformedAnswer
 */
export function parseAccountFacts(value: unknown, path: string): AccountFacts {
  if (value === undefined || value === null || isEmptyCollection(value)) return NO_FACTS
  const account = wireObject(value, path)
  return {
    name: read(account, 'name', nullable(readText)),
    email: read(account, 'email', nullable(readText)),
    phone: read(account, 'phone', nullable(readText)),
    status: read(account, 'status', nullable(wordOf(ACCOUNT_STATUSES))),
  }
}

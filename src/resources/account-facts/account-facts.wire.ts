import { isLosslessNumber } from 'lossless-json'
import { isJsonObject } from '../../upstream/json/json.js'
import {
  enumOf,
  expected,
  isBlank,
  isEmptyCollection,
  nullable,
  readApart,
  readText,
  type WireObject,
  wireObject,
} from '../../upstream/json/reader.js'
import { MalformedResponse } from '../../upstream/malformed-response.js'
import { ACCOUNT_STATUSES, type AccountFacts } from './account-facts.model.js'

const NO_FACTS: AccountFacts = { name: undefined, email: undefined, phone: undefined, status: undefined }

/**
 * Reads the `account` of a link row [seed:show, seed:list]. A bare id carries no facts.
 * @throws MalformedResponse when it is neither an object nor an id
 */
export function parseAccountFacts(value: unknown, path: string): AccountFacts {
  if (isBlank(value) || isEmptyCollection(value) || isInternalId(value) || looksLikeUlid(value)) return NO_FACTS
  const account = wireObject(value, path)
  return {
    name: readApart(account, 'name', nullable(readText)),
    email: readApart(account, 'email', nullable(readText)),
    phone: readApart(account, 'phone', nullable(readText)),
    status: readApart(account, 'status', nullable(enumOf(ACCOUNT_STATUSES))),
  }
}

/**
 * Refuses a row that names an account other than the one requested, in `account` or in `account_id`. An internal number
 * [seed:update] does not name an account.
 * @throws MalformedResponse
 */
export function refuseForeignRow({ fields, path }: WireObject, accountId: string): void {
  const { account, account_id: id } = fields
  const named: readonly [string, unknown][] = [
    ...elementsOf(id).map((name): [string, unknown] => ['account_id', name]),
    ...elementsOf(account).flatMap(namesIn),
  ]
  for (const [key, name] of named) {
    if (typeof name !== 'string' || isBlank(name) || isInternalId(name)) continue
    if (name.trim().toUpperCase() === accountId) continue
    throw new MalformedResponse(`${path}.${key}`, expected('the account requested', name))
  }
}

function namesIn(account: unknown): [string, unknown][] {
  if (!isJsonObject(account)) return looksLikeUlid(account) ? [['account', account]] : []
  return elementsOf(account['id']).map((name) => ['account.id', name])
}

/** A single value may arrive as a list of one. */
function elementsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

function isInternalId(value: unknown): boolean {
  return typeof value === 'number' || isLosslessNumber(value) || (typeof value === 'string' && /^\d+$/.test(value))
}

function looksLikeUlid(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9A-Za-z]{26}$/.test(value.trim())
}

import type { ExplorerSample } from './config.js'
import { operationText } from './operation-text.js'

export interface ExampleTab {
  readonly query: string
  /** JSON, with comments where a person has to put something in. */
  readonly variables: string
}

/** Operations to start from; with made-up data behind the gateway each of them answers as it is. */
export function exampleTabs(sample: ExplorerSample | undefined): readonly ExampleTab[] {
  const { accountIds, linkId } = sample ?? NOTHING_YET
  const [accountId = ''] = accountIds
  const key = { accountId, id: linkId }
  const hint = sample === undefined ? ACCOUNT_HINT : ''
  return [
    { query: operationText('Account'), variables: json({ id: accountId, first: 5 }, hint) },
    { query: operationText('PaymentLinks'), variables: json({ accountId, first: 3, after: null }, hint + NEXT_HINT) },
    { query: operationText('PaymentLink'), variables: json(key, hint) },
    { query: operationText('UpdatePaymentLink'), variables: json({ input: { ...key, ...REFUSED } }, hint + MEND_HINT) },
    { query: operationText('AccountsByIds'), variables: json({ ids: accountIds.slice(0, 3), first: 2 }, hint) },
  ]
}

const NOTHING_YET: ExplorerSample = { accountIds: [''], linkId: '' }

/** One payment method that no catalogue has, so that nothing is ever written unless someone means it. */
const REFUSED = { maxUsage: 1, whitelistedPaymentMethod: ['CARRIER_PIGEON'] }

const ACCOUNT_HINT = '// Put in the id of one of your accounts, 26 characters in upper case.\n'
const NEXT_HINT = '// The next page: put pageInfo.endCursor into "after".\n'
const MEND_HINT = '// Refused as it is, and nothing is written: userErrors say why. Mend it and run it again.\n'

function json(variables: object, hint: string): string {
  return hint + JSON.stringify(variables, null, 2)
}

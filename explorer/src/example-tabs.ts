import type { ExplorerSample } from './config.js'
import { operationText } from './operation-text.js'

export interface ExampleTab {
  readonly query: string
  /** JSON with comments where the user has to fill something in. */
  readonly variables: string
}

/** Operations to start from. With the sandbox's made-up data, each runs unchanged. */
export function exampleTabs(sample: ExplorerSample | undefined): readonly ExampleTab[] {
  const { accountIds, linkId } = sample ?? EMPTY_SAMPLE
  const [accountId = ''] = accountIds
  const key = { accountId, id: linkId }
  const hint = sample === undefined ? ACCOUNT_HINT : ''
  return [
    { query: operationText('Account'), variables: json({ id: accountId, first: 5 }, hint) },
    { query: operationText('PaymentLinks'), variables: json({ accountId, first: 3, after: null }, hint + NEXT_HINT) },
    { query: operationText('PaymentLink'), variables: json(key, hint) },
    {
      query: operationText('UpdatePaymentLink'),
      variables: json({ input: { ...key, ...REFUSED_CHANGE } }, hint + FIX_HINT),
    },
    { query: operationText('AccountsByIds'), variables: json({ ids: accountIds.slice(0, 3), first: 2 }, hint) },
  ]
}

const EMPTY_SAMPLE: ExplorerSample = { accountIds: [''], linkId: '' }

/** Contains an unknown payment method, so that nothing is written until the user changes it. */
const REFUSED_CHANGE = { maxUsage: 1, whitelistedPaymentMethod: ['CARRIER_PIGEON'] }

const ACCOUNT_HINT = '// Fill in the id of one of your accounts, 26 upper-case characters.\n'
const NEXT_HINT = '// For the next page, copy pageInfo.endCursor to "after".\n'
const FIX_HINT = '// Refused as it is: nothing is written, and userErrors say why. Fix it and run it again.\n'

function json(variables: object, hint: string): string {
  return hint + JSON.stringify(variables, null, 2)
}

import { useQuery } from '@apollo/client/react'
import { AccountsByIdsDocument } from 'singapay-payment-link-gateway/client'
import { AccountSection } from './account-section.js'
import { ACCOUNT_IDS, PAGE_SIZE } from './config.js'

/**
 * Names come for all accounts in one request; each section asks for its own page, so one that fails fails alone. Asking
 * for pages of one size lets the gateway share its reads between these requests.
 */
export function Dashboard() {
  const { data } = useQuery(AccountsByIdsDocument, {
    variables: { ids: [...ACCOUNT_IDS], first: PAGE_SIZE },
    errorPolicy: 'all',
  })
  return (
    <>
      <header className="page-header">
        <h1>Payment links</h1>
        <p className="quiet">{ACCOUNT_IDS.length} accounts, one gateway</p>
      </header>
      <main>
        {ACCOUNT_IDS.map((id, index) => (
          <AccountSection key={id} accountId={id} account={data?.accountsByIds[index]} />
        ))}
      </main>
    </>
  )
}

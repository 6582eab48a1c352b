import { useQuery } from '@apollo/client/react'
import { AccountsByIdsDocument } from 'singapay-payment-link-gateway/client'
import { AccountSection } from './account-section.js'
import { ACCOUNT_IDS, PAGE_SIZE } from './config.js'

/**
 * One request loads the names of all accounts. Each section loads its own page, so a failure affects only its own section. All pages
 * have the same size, so the gateway can share its reads between these requests.
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

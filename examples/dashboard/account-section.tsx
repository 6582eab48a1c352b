import { useQuery } from '@apollo/client/react'
import { useState } from 'react'
import {
  type AccountFieldsFragment,
  type PaymentLinkFieldsFragment,
  PaymentLinksDocument,
} from 'singapay-payment-link-gateway/client'
import { PAGE_SIZE } from './config.js'
import { FailureNote } from './failure-note.js'
import { formatStatus } from './format.js'
import { toFailures } from './gateway.js'
import { LinkEditor } from './link-editor.js'
import { LinkTable } from './link-table.js'
import { type Page, Pager } from './pager.js'

interface Props {
  readonly accountId: string
  readonly account: AccountFieldsFragment | null | undefined
}

const FRONT: Page = { first: PAGE_SIZE }

/** One account: a page of its links, a pager, and the form that edits one link. */
export function AccountSection({ accountId, account }: Props) {
  const [page, setPage] = useState(FRONT)
  const [editing, setEditing] = useState<PaymentLinkFieldsFragment>()
  const [notice, setNotice] = useState('')
  const { data, previousData, error, loading, refetch } = useQuery(PaymentLinksDocument, {
    variables: { accountId, ...page },
    // Show the rows that loaded next to the errors of those that did not.
    errorPolicy: 'all',
  })
  const links = data?.paymentLinks ?? previousData?.paymentLinks
  const failures = toFailures(error)

  function edit(link: PaymentLinkFieldsFragment): void {
    setNotice('')
    setEditing(link)
  }

  const name = account?.name ?? accountId
  const headingId = `account-${accountId}`

  return (
    <section aria-labelledby={headingId} aria-busy={loading}>
      <header>
        <h2 id={headingId}>{name}</h2>
        {account?.status && (
          <span className={`badge ${account.status.toLowerCase()}`}>{formatStatus(account.status)}</span>
        )}
        <p role="status">{notice}</p>
      </header>
      {failures.length > 0 && <FailureNote failures={failures} onRetry={() => void refetch()} />}
      {links == null && loading && <p className="quiet">Loading links…</p>}
      {links?.edges.length === 0 && <p className="quiet">No links yet.</p>}
      {links != null && links.edges.length > 0 && (
        <>
          <LinkTable edges={links.edges} labelledBy={headingId} onEdit={edit} />
          <Pager links={links} label={`Pages of ${name}`} onPage={setPage} />
        </>
      )}
      {editing && <LinkEditor link={editing} onSaved={setNotice} onClose={() => setEditing(undefined)} />}
    </section>
  )
}

import type { PaymentLinkFieldsFragment, PaymentLinksQuery } from 'singapay-payment-link-gateway/client'
import { formatAmount, formatCount, formatInstant, formatStatus } from './format.js'

type Edge = NonNullable<PaymentLinksQuery['paymentLinks']>['edges'][number]

interface Props {
  readonly edges: readonly Edge[]
  /** Id of the heading that names the table. */
  readonly labelledBy: string
  readonly onEdit: (link: PaymentLinkFieldsFragment) => void
}

export function LinkTable({ edges, labelledBy, onEdit }: Props) {
  return (
    <div className="table-frame">
      <table className="links" aria-labelledby={labelledBy}>
        <thead>
          <tr>
            <th scope="col">Link</th>
            <th scope="col">Status</th>
            <th scope="col" className="figure">
              Amount
            </th>
            <th scope="col" className="figure">
              Payments
            </th>
            <th scope="col">Expires</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {edges.map((edge, index) =>
            edge?.node ? (
              <LinkRow key={edge.node.id} link={edge.node} onEdit={onEdit} />
            ) : (
              <UnreadableRow key={edge?.cursor ?? `row ${index}`} />
            ),
          )}
        </tbody>
      </table>
    </div>
  )
}

function LinkRow({ link, onEdit }: { link: PaymentLinkFieldsFragment; onEdit: Props['onEdit'] }) {
  return (
    <tr>
      <th scope="row">
        {link.title ?? 'Without a title'}
        <small className="reference">{link.reffNo}</small>
      </th>
      <td>
        <span className={`badge ${link.statusComputed.toLowerCase()}`}>{formatStatus(link.statusComputed)}</span>
      </td>
      <td className="figure">{formatAmount(link)}</td>
      <td className="figure">
        {formatCount(link.currentUsage)} {link.maxUsage === 0 ? 'without a limit' : `of ${formatCount(link.maxUsage)}`}
      </td>
      <td>{link.expiredAt ? <time dateTime={link.expiredAt}>{formatInstant(link.expiredAt)}</time> : 'Never'}</td>
      <td>
        <button type="button" aria-label={`Edit ${link.title ?? link.reffNo}`} onClick={() => onEdit(link)}>
          Edit
        </button>
      </td>
    </tr>
  )
}

/** Its error is shown above the table. */
function UnreadableRow() {
  return (
    <tr>
      <td colSpan={6} className="quiet">
        This link cannot be read.
      </td>
    </tr>
  )
}

import type { PaymentLinkFieldsFragment } from 'singapay-payment-link-gateway/client'
import { formatInstant, formatStatus } from './format.js'
import { changedFields, DRAFT_FIELDS, type DraftField, FIELD_LABELS, type LinkDraft, toDraft } from './link-draft.js'
import type { LinkForm } from './use-link-form.js'

interface Props {
  readonly form: LinkForm
  readonly theirs: PaymentLinkFieldsFragment
  readonly onCancel: () => void
}

/** Someone else saved first: shows their changes next to the person's own, and lets the person choose. */
export function Conflict({ form, theirs, onCancel }: Props) {
  const before = toDraft(form.base)
  const byThem = changedFields(before, toDraft(theirs))
  const byMe = changedFields(before, form.draft)
  const rows = DRAFT_FIELDS.filter((field) => byThem.includes(field) || byMe.includes(field))
  return (
    <>
      <div role="alert" className="note warn" tabIndex={-1}>
        <p>
          <strong>Someone else saved first.</strong> This link was changed after you opened it. Your changes are not
          saved yet.
          {byThem.length === 0 && ' Their changes are to fields that this form does not show.'}
        </p>
      </div>
      <table className="conflict" aria-label="Conflicting changes">
        <thead>
          <tr>
            <td />
            <th scope="col">Theirs</th>
            <th scope="col">Yours</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((field) => (
            <tr key={field}>
              <th scope="row">{FIELD_LABELS[field]}</th>
              <Side changed={byThem.includes(field)}>{formatField(toDraft(theirs), field)}</Side>
              <Side changed={byMe.includes(field)}>{formatField(form.draft, field)}</Side>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet">Saving yours replaces only the fields you changed. Their other changes stay.</p>
      <footer>
        <button type="button" className="primary" disabled={form.isBusy} onClick={() => void form.overwrite(theirs)}>
          Save mine
        </button>
        <button type="button" disabled={form.isBusy} onClick={() => form.take(theirs)}>
          Use theirs
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </footer>
    </>
  )
}

function Side({ changed, children }: { changed: boolean; children: string }) {
  return changed ? <td>{children}</td> : <td className="quiet">Not changed</td>
}

function formatField(draft: LinkDraft, field: DraftField): string {
  if (field === 'status') return formatStatus(draft.status)
  if (field === 'requiredCustomerDetail') return draft.requiredCustomerDetail ? 'Yes' : 'No'
  if (field === 'expiredAt') return draft.expiredAt === '' ? 'Never' : formatInstant(draft.expiredAt)
  return draft[field] === '' ? 'None' : draft[field]
}

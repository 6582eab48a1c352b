import type { PaymentLinkFieldsFragment } from 'singapay-payment-link-gateway/client'
import { formatInstant, formatStatus } from './format.js'
import { changedFields, DRAFT_FIELDS, type DraftField, FIELD_LABELS, type LinkDraft, toDraft } from './link-draft.js'
import type { LinkForm } from './use-link-form.js'

interface Props {
  readonly form: LinkForm
  readonly theirs: PaymentLinkFieldsFragment
  readonly onCancel: () => void
}

/** Somebody else was faster: what they changed beside what was changed here, and the two ways on. */
export function Conflict({ form, theirs, onCancel }: Props) {
  const before = toDraft(form.base)
  const byThem = changedFields(before, toDraft(theirs))
  const byMe = changedFields(before, form.draft)
  const rows = DRAFT_FIELDS.filter((field) => byThem.includes(field) || byMe.includes(field))
  return (
    <>
      <div role="alert" className="note warn" tabIndex={-1}>
        <p>
          <strong>Someone else was faster.</strong> This link was changed after you opened it. Nothing of yours is saved
          yet.
          {byThem.length === 0 && ' What they changed is not in this form.'}
        </p>
      </div>
      <table className="conflict" aria-label="Changes that conflict">
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
      <p className="quiet">Overwriting sends only what you changed; their other changes stay.</p>
      <footer>
        <button type="button" className="primary" disabled={form.isBusy} onClick={() => void form.overwrite(theirs)}>
          Overwrite with mine
        </button>
        <button type="button" disabled={form.isBusy} onClick={() => form.take(theirs)}>
          Take theirs
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

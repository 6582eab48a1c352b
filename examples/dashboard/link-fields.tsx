import type { ReactNode } from 'react'
import type { PaymentLinkStatus, UpdatePaymentLinkMutation } from 'singapay-payment-link-gateway/client'
import { formatStatus } from './format.js'
import { type DraftField, FIELD_LABELS, type LinkDraft } from './link-draft.js'

type Payload = NonNullable<UpdatePaymentLinkMutation['updatePaymentLink']>
type UserErrors = Payload['userErrors']

interface Props {
  readonly draft: LinkDraft
  readonly userErrors: UserErrors
  readonly onEdit: (changes: Partial<LinkDraft>) => void
}

/**
 * The browser rejects only what the schema's types cannot hold (`maxUsage` is an Int). The gateway checks every other rule, and its
 * message appears next to the field it names.
 */
export function LinkFields({ draft, userErrors, onEdit }: Props) {
  const field = (name: DraftField) => ({ name, errors: userErrors.filter((error) => error.field?.[0] === name) })
  return (
    <>
      <Field {...field('status')}>
        {(control) => (
          <select
            {...control}
            value={draft.status}
            onChange={({ target }) => onEdit({ status: parseStatus(target.value) })}
          >
            {draft.status === 'UNKNOWN' && <option value="UNKNOWN">Unknown</option>}
            {STATUSES.map((status) => (
              <option key={status} value={status}>
                {formatStatus(status)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field {...field('maxUsage')}>
        {(control) => (
          <input
            {...control}
            type="number"
            required
            step={1}
            max={1_000_000}
            value={draft.maxUsage}
            onChange={({ target }) => onEdit({ maxUsage: target.value })}
          />
        )}
      </Field>
      <Field {...field('expiredAt')}>
        {(control) => (
          <input
            {...control}
            type="datetime-local"
            step={1}
            value={draft.expiredAt}
            onChange={({ target }) => onEdit({ expiredAt: target.value })}
          />
        )}
      </Field>
      <Field {...field('redirectUrl')}>
        {(control) => (
          <input
            {...control}
            inputMode="url"
            value={draft.redirectUrl}
            onChange={({ target }) => onEdit({ redirectUrl: target.value })}
          />
        )}
      </Field>
      <Field {...field('requiredCustomerDetail')}>
        {(control) => (
          <input
            {...control}
            type="checkbox"
            checked={draft.requiredCustomerDetail}
            onChange={({ target }) => onEdit({ requiredCustomerDetail: target.checked })}
          />
        )}
      </Field>
    </>
  )
}

const STATUSES = ['OPEN', 'CLOSED', 'EXPIRED'] as const

function parseStatus(value: string): PaymentLinkStatus {
  return STATUSES.find((status) => status === value) ?? 'UNKNOWN'
}

interface FieldProps {
  readonly name: DraftField
  readonly errors: UserErrors
  readonly children: (control: ControlProps) => ReactNode
}

interface ControlProps {
  readonly id: string
  readonly 'aria-invalid': boolean
  readonly 'aria-describedby': string
}

function Field({ name, errors, children }: FieldProps) {
  const describedBy = `${name}-errors`
  return (
    <div className="field">
      <label htmlFor={name}>{FIELD_LABELS[name]}</label>
      {children({ id: name, 'aria-invalid': errors.length > 0, 'aria-describedby': describedBy })}
      <p id={describedBy} className="field-errors">
        {errors.map(({ message }) => message).join(' ')}
      </p>
    </div>
  )
}

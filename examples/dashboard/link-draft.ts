import type {
  PaymentLinkFieldsFragment,
  PaymentLinkStatus,
  UpdatePaymentLinkInput,
} from 'singapay-payment-link-gateway/client'

/** The editable fields of a link, as the form's controls hold them. */
export interface LinkDraft {
  readonly status: PaymentLinkStatus
  readonly maxUsage: string
  /** Local time, in the format of `<input type="datetime-local">`; empty for never. */
  readonly expiredAt: string
  readonly redirectUrl: string
  readonly requiredCustomerDetail: boolean
}

/** A field of the form. The mutation's input and user errors use the same names. */
export type DraftField = keyof LinkDraft

export const FIELD_LABELS: Readonly<Record<DraftField, string>> = {
  status: 'Status',
  maxUsage: 'Maximum payments',
  expiredAt: 'Expires',
  redirectUrl: 'Redirect URL',
  requiredCustomerDetail: 'Ask for customer details',
}

export const DRAFT_FIELDS = Object.keys(FIELD_LABELS) as readonly DraftField[]

export function isDraftField(name: string | undefined): name is DraftField {
  return DRAFT_FIELDS.some((field) => field === name)
}

export function toDraft(link: PaymentLinkFieldsFragment): LinkDraft {
  return {
    status: link.status,
    maxUsage: String(link.maxUsage),
    expiredAt: link.expiredAt === null ? '' : toLocalDateTime(link.expiredAt),
    redirectUrl: link.redirectUrl ?? '',
    requiredCustomerDetail: link.requiredCustomerDetail,
  }
}

export function changedFields(before: LinkDraft, after: LinkDraft): readonly DraftField[] {
  return DRAFT_FIELDS.filter((field) => before[field] !== after[field])
}

/** Applies the changes of a draft to another state of the same link. */
export function rebase(
  draft: LinkDraft,
  { from, onto }: Record<'from' | 'onto', PaymentLinkFieldsFragment>,
): LinkDraft {
  const mine = changedFields(toDraft(from), draft).map((field) => [field, draft[field]])
  return { ...toDraft(onto), ...Object.fromEntries(mine) }
}

type Changes = Omit<UpdatePaymentLinkInput, 'accountId' | 'id'>

/** Only the changed fields: an omitted field keeps its value, and an emptied one is sent as null to clear it. */
export function toChanges(before: LinkDraft, after: LinkDraft): Changes {
  const fields = changedFields(before, after)
  return Object.assign({}, ...fields.map((field): Changes => ENCODERS[field](after)))
}

const ENCODERS: Readonly<Record<DraftField, (draft: LinkDraft) => Changes>> = {
  status: ({ status }) => (status === 'UNKNOWN' ? {} : { status }),
  maxUsage: ({ maxUsage }) => ({ maxUsage: Number(maxUsage) }),
  expiredAt: ({ expiredAt }) => ({ expiredAt: expiredAt === '' ? null : new Date(expiredAt).toISOString() }),
  redirectUrl: ({ redirectUrl }) => ({ redirectUrl: redirectUrl === '' ? null : redirectUrl }),
  requiredCustomerDetail: ({ requiredCustomerDetail }) => ({ requiredCustomerDetail }),
}

function toLocalDateTime(instant: string): string {
  const date = new Date(instant)
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 19)
}

import { CombinedGraphQLErrors } from '@apollo/client'
import { useApolloClient, useMutation } from '@apollo/client/react'
import { useState } from 'react'
import {
  PaymentLinkDocument,
  type PaymentLinkFieldsFragment,
  UpdatePaymentLinkDocument,
  type UpdatePaymentLinkMutation,
} from 'singapay-payment-link-gateway/client'
import { toUpdateOutcome, type UpdateOutcome } from '../responses/update-outcome.js'
import { type LinkDraft, rebase, toChanges, toDraft } from './link-draft.js'

/** The outcome of an attempt to save. */
export type SaveOutcome = UpdateOutcome<NonNullable<UpdatePaymentLinkMutation['updatePaymentLink']>>

export interface LinkForm {
  /** The link that the draft is based on. */
  readonly base: PaymentLinkFieldsFragment
  readonly draft: LinkDraft
  /** The outcome of the last attempt to save; undefined before the first, and after the person has dealt with it. */
  readonly outcome: SaveOutcome | undefined
  /** The link as someone else saved it first. */
  readonly theirs: PaymentLinkFieldsFragment | undefined
  readonly isBusy: boolean
  edit(changes: Partial<LinkDraft>): void
  save(): Promise<void>
  /** Saves over someone else's version, but only the fields changed here; their other changes stay. */
  overwrite(theirs: PaymentLinkFieldsFragment): Promise<void>
  /** Continues from someone else's version and drops the changes made here. */
  take(theirs: PaymentLinkFieldsFragment): void
  /** Reads the current link after an unknown outcome. If that fails too, nothing changes. */
  reload(): Promise<void>
}

export function useLinkForm(link: PaymentLinkFieldsFragment): LinkForm {
  const client = useApolloClient()
  const [base, setBase] = useState(link)
  const [draft, setDraft] = useState(() => toDraft(link))
  const [outcome, setOutcome] = useState<SaveOutcome>()
  const [update, { loading: isBusy }] = useMutation(UpdatePaymentLinkDocument, { errorPolicy: 'all' })

  function restart(from: PaymentLinkFieldsFragment, mine: LinkDraft): void {
    setBase(from)
    setDraft(mine)
    setOutcome(undefined)
  }

  async function send(from: PaymentLinkFieldsFragment, mine: LinkDraft): Promise<void> {
    const { accountId, id, version } = from
    const changes = toChanges(toDraft(from), mine)
    const { data, error } = await update({
      variables: { input: { accountId, id, expectedVersion: version, ...changes } },
    })
    const next = toUpdateOutcome(data?.updatePaymentLink, CombinedGraphQLErrors.is(error) ? error.errors : [])
    // Some of several fields may have been applied; those are no longer changes.
    const current = next.kind === 'refused' && !isStale(next) ? next.link : null
    if (current) restart(current, rebase(mine, { from, onto: current }))
    setOutcome(next)
  }

  return {
    base,
    draft,
    outcome,
    theirs: outcome?.kind === 'refused' && isStale(outcome) ? (outcome.link ?? undefined) : undefined,
    isBusy,
    edit: (changes) => setDraft({ ...draft, ...changes }),
    save: () => send(base, draft),
    overwrite: (theirs) => {
      const mine = rebase(draft, { from: base, onto: theirs })
      restart(theirs, mine)
      return send(theirs, mine)
    },
    take: (theirs) => restart(theirs, toDraft(theirs)),
    reload: async () => {
      const { data } = await client.query({
        query: PaymentLinkDocument,
        variables: { accountId: base.accountId, id: base.id },
        fetchPolicy: 'network-only',
        errorPolicy: 'all',
      })
      if (data?.paymentLink) restart(data.paymentLink, toDraft(data.paymentLink))
    },
  }
}

function isStale({ userErrors }: Extract<SaveOutcome, { kind: 'refused' }>): boolean {
  return userErrors.some(({ code }) => code === 'STALE')
}

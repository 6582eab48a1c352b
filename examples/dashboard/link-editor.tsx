import { useEffect, useRef } from 'react'
import type { PaymentLinkFieldsFragment } from 'singapay-payment-link-gateway/client'
import { Conflict } from './conflict.js'
import { LinkFields } from './link-fields.js'
import { OutcomeNote } from './outcome-note.js'
import { useLinkForm } from './use-link-form.js'

interface Props {
  readonly link: PaymentLinkFieldsFragment
  readonly onSaved: (notice: string) => void
  readonly onClose: () => void
}

/** The form of one link, in a native dialog, which traps the focus, closes on Escape and returns the focus. */
export function LinkEditor({ link, onSaved, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const form = useLinkForm(link)
  const { draft, outcome, theirs, isBusy } = form
  const title = link.title ?? link.reffNo

  useEffect(() => dialog.current?.showModal(), [])
  useEffect(() => {
    if (outcome?.kind !== 'saved') return focusFirst(dialog.current)
    onSaved(`Saved: ${title}`)
    dialog.current?.close()
  }, [outcome, onSaved, title])

  return (
    <dialog
      ref={dialog}
      aria-labelledby="editor-title"
      onClose={onClose}
      // Do not close while saving: the person must see the outcome.
      onCancel={(event) => isBusy && event.preventDefault()}
    >
      <form
        aria-busy={isBusy}
        onSubmit={(event) => {
          event.preventDefault()
          void form.save()
        }}
      >
        <h3 id="editor-title">{title}</h3>
        <p className="quiet">{link.reffNo}</p>
        {theirs ? (
          <Conflict form={form} theirs={theirs} onCancel={() => dialog.current?.close()} />
        ) : (
          <>
            <OutcomeNote outcome={outcome} onReload={() => void form.reload()} />
            <LinkFields
              draft={draft}
              userErrors={outcome?.kind === 'refused' ? outcome.userErrors : []}
              onEdit={form.edit}
            />
            <footer>
              <button type="submit" className="primary" disabled={isBusy}>
                {isBusy ? 'Saving…' : 'Save'}
              </button>
              <button type="button" disabled={isBusy} onClick={() => dialog.current?.close()}>
                Cancel
              </button>
            </footer>
          </>
        )}
      </form>
    </dialog>
  )
}

/** Focuses what the person must read or fix next, or else the first field. */
function focusFirst(dialog: HTMLDialogElement | null): void {
  const wanted = ['[role="alert"]', '[aria-invalid="true"]', 'select']
  const found = wanted.map((selector) => dialog?.querySelector<HTMLElement>(selector))
  found.find((element) => element != null)?.focus()
}

import { isDraftField } from './link-draft.js'
import type { SaveOutcome } from './use-link-form.js'

interface Props {
  readonly outcome: SaveOutcome | undefined
  readonly onReload: () => void
}

/** Messages that belong to no single field of the form. */
export function OutcomeNote({ outcome, onReload }: Props) {
  if (outcome?.kind === 'unknown') {
    return (
      <div role="alert" className="note warn" tabIndex={-1}>
        <p>
          <strong>We do not know whether your changes were saved.</strong> Reload the link to see its current state.
        </p>
        <button type="button" onClick={onReload}>
          Reload
        </button>
      </div>
    )
  }
  const messages = messagesOf(outcome)
  if (messages.length === 0) return null
  return (
    <div role="alert" className="note bad" tabIndex={-1}>
      {messages.map((message) => (
        <p key={message}>{message}</p>
      ))}
    </div>
  )
}

function messagesOf(outcome: SaveOutcome | undefined): readonly string[] {
  if (outcome?.kind === 'failed')
    return [`Not saved: ${outcome.message}`, `Request ${outcome.requestId ?? 'without an id'}`]
  if (outcome?.kind !== 'refused') return []
  return outcome.userErrors.filter(({ field }) => !isDraftField(field?.[0])).map(({ message }) => message)
}

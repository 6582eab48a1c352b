import type { Failure } from './gateway.js'

interface Props {
  readonly failures: readonly Failure[]
  readonly onRetry: () => void
}

/** What went wrong, the request id to quote, and a button if trying again may help. */
export function FailureNote({ failures, onRetry }: Props) {
  const byMessage = new Map(failures.map((failure) => [failure.message, failure]))
  return (
    <div role="alert" className="note bad">
      {[...byMessage.values()].map(({ message, requestId }) => (
        <p key={message}>
          {message} {requestId && <small>Request {requestId}</small>}
        </p>
      ))}
      {failures.some(({ isRetryable }) => isRetryable) && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  )
}

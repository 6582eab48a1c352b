import { GatewayError } from '../../kernel/errors.js'
import { cutText } from '../../kernel/excerpt.js'
import { Unreadable } from '../../kernel/unreadable.js'
import type { RequestScope } from '../scope.js'
import type { WriteResult } from './write-result.js'

/** What the audit log records about a write, apart from its result. */
export interface AuditSubject<State> {
  /** The mutation field, `updatePaymentLink`. */
  readonly mutation: string
  /** Ids as in the input: `{ accountId, linkId }`. */
  readonly target: Readonly<Record<string, string>>
  /** The fields that the input changes, with the values requested. */
  readonly changes: object
  /** Fields whose values are never logged. */
  readonly hidden: ReadonlySet<string>
  /** A state's values by the names of `changes`. */
  readonly valuesOf: (state: State) => object
}

/**
 * `partly-applied`: the upstream accepted it, but not every field shows it. `unknown`: it may or may not have been written.
 * `failed`: an error of the request; nothing was written.
 */
type AuditOutcome = 'applied' | 'unchanged' | 'partly-applied' | 'refused' | 'unknown' | 'failed'

const OUTCOMES = {
  invalid: 'refused',
  refused: 'refused',
  unchanged: 'unchanged',
  applied: 'applied',
  'not-applied': 'partly-applied',
  unknown: 'unknown',
  failed: 'failed',
} as const satisfies Record<WriteResult<unknown>['kind'], AuditOutcome>

/** Writes one line of the audit log: who requested which change of what, and its outcome. */
export function writeAuditLine<State, Own extends string>(
  scope: RequestScope,
  subject: AuditSubject<State>,
  result: WriteResult<State, Own>,
): void {
  const entry = {
    audit: subject.mutation,
    requestId: scope.requestId,
    caller: scope.principal.caller,
    outcome: OUTCOMES[result.kind],
    codes: codesOf(result),
    ...Object.fromEntries(Object.entries(subject.target).map(([name, id]) => [name, cutText(id, CHARACTERS_MAX)])),
    fields: Object.keys(subject.changes),
    ...loggedValues(subject, result),
  }
  scope.services.logger.info(entry, 'audit')
}

const CHARACTERS_MAX = 64

/** Values that violate the input's rules may be anything and are left out. */
function loggedValues<State, Own extends string>(
  { changes, hidden, valuesOf }: AuditSubject<State>,
  result: WriteResult<State, Own>,
): { readonly before: object; readonly after: object } {
  if (result.kind === 'invalid') return { before: {}, after: {} }
  const logged = Object.keys(changes).filter((name) => !hidden.has(name))
  const pick = (values: object): object => {
    const byName = new Map<string, unknown>(Object.entries(values))
    return Object.fromEntries(logged.map((name) => [name, shortened(byName.get(name))]))
  }
  return { before: result.before === undefined ? {} : pick(valuesOf(result.before)), after: pick(changes) }
}

function codesOf<State, Own extends string>(result: WriteResult<State, Own>): readonly string[] {
  if ('userErrors' in result) return [...new Set(result.userErrors.map(({ code }) => code))]
  if (!('error' in result)) return []
  return [result.error instanceof GatewayError ? result.error.code : 'INTERNAL_SERVER_ERROR']
}

function shortened(value: unknown): unknown {
  if (value instanceof Unreadable) return 'unreadable'
  if (typeof value === 'string') return cutText(value, CHARACTERS_MAX)
  return Array.isArray(value) ? value.map(shortened) : value
}

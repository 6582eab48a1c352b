import type { RequestScope } from '../../../graphql/scope.js'
import { GatewayError } from '../../../kernel/errors.js'
import { cutText } from '../../../kernel/excerpt.js'
import { Unreadable } from '../../../kernel/unreadable.js'
import type { CarriedLink, UpdateChanges } from '../payment-link.model.js'
import type { UpdatePaymentLinkInput } from './update.input.js'
import type { UpdatePaymentLinkPayload, UserError } from './update.type.js'

/**
 * `partly-applied`: the upstream said yes, but not every field shows it. `unknown`: it may or may not have been written.
 * `failed`: an error of the request; nothing was written.
 */
export type AuditOutcome = 'applied' | 'unchanged' | 'partly-applied' | 'refused' | 'unknown' | 'failed'

/** One line of the audit log: who wanted what of which link, and what became of it. */
export interface UpdateAuditEntry {
  readonly audit: 'updatePaymentLink'
  readonly requestId: string
  readonly caller: string
  readonly accountId: string
  readonly linkId: string
  /** Names of the fields that the input gives. */
  readonly fields: readonly string[]
  /** Their values before, as far as the link was read, and as asked for; without metadata and addresses. */
  readonly before: Readonly<Record<string, unknown>>
  readonly after: Readonly<Record<string, unknown>>
  readonly outcome: AuditOutcome
  /** Of the user errors, or of the error. */
  readonly codes: readonly string[]
}

/** What an update is known by while it runs. */
export interface AuditedUpdate {
  readonly changes: UpdateChanges
  readonly wasSent: boolean
  /** The link as it was read for the update. */
  readonly before: CarriedLink | undefined
}

/** Writes the line when the work ends, whoever still waits for it; gives the same promise back. */
export function audited(
  work: Promise<UpdatePaymentLinkPayload>,
  about: { readonly scope: RequestScope; readonly input: UpdatePaymentLinkInput; readonly update: AuditedUpdate },
): Promise<UpdatePaymentLinkPayload> {
  const { scope, input, update } = about
  const write = (end: Ending): void => {
    const { changes, before } = update
    writeLine(scope, { ...end, ...placeOf(input), ...valuesOf(changes, before) })
  }
  work.then(
    ({ userErrors }) => write(endingOf(userErrors, update.wasSent)),
    (error: unknown) => write(endingOfError(error, update.wasSent)),
  )
  return work
}

/** Writes the line of an input that breaks its own rules: its values may be anything and are left out. */
export function auditBrokenInput(scope: RequestScope, input: unknown, userErrors: readonly UserError[]): void {
  const given = typeof input === 'object' && input !== null ? (input as Partial<UpdatePaymentLinkInput>) : {}
  const fields = Object.keys(given).filter((name) => !NOT_CHANGES.has(name))
  writeLine(scope, { ...endingOf(userErrors, false), ...placeOf(given), fields, before: {}, after: {} })
}

type Ending = Pick<UpdateAuditEntry, 'outcome' | 'codes'>

function writeLine(scope: RequestScope, line: Omit<UpdateAuditEntry, 'audit' | 'requestId' | 'caller'>): void {
  const { requestId, principal, services } = scope
  const entry: UpdateAuditEntry = { audit: 'updatePaymentLink', requestId, caller: principal.caller, ...line }
  services.logger.info(entry, 'audit')
}

function endingOf(userErrors: readonly UserError[], wasSent: boolean): Ending {
  const codes = [...new Set(userErrors.map(({ code }) => code))]
  if (codes.length === 0) return { outcome: wasSent ? 'applied' : 'unchanged', codes }
  return { outcome: codes.every((code) => code === 'NOT_APPLIED') ? 'partly-applied' : 'refused', codes }
}

function endingOfError(error: unknown, wasSent: boolean): Ending {
  const code = error instanceof GatewayError ? error.code : 'INTERNAL_SERVER_ERROR'
  const isUnknown = code === 'UPSTREAM_OUTCOME_UNKNOWN' || (code === 'INTERNAL_SERVER_ERROR' && wasSent)
  return { outcome: isUnknown ? 'unknown' : 'failed', codes: [code] }
}

/** What names the link and what is expected of it. */
const NOT_CHANGES: ReadonlySet<string> = new Set(['accountId', 'id', 'expectedVersion', 'expectedUpdatedAt'])
/** Data of the merchant's customers, and addresses that may hold secrets. */
const HIDDEN: ReadonlySet<string> = new Set(['optionalMetadata', 'redirectUrl'])
const CHARACTERS_MAX = 64

function placeOf({ accountId, id }: Partial<UpdatePaymentLinkInput>): Pick<UpdateAuditEntry, 'accountId' | 'linkId'> {
  return { accountId: cutText(String(accountId), CHARACTERS_MAX), linkId: cutText(String(id), CHARACTERS_MAX) }
}

function valuesOf(
  changes: UpdateChanges,
  before: CarriedLink | undefined,
): Pick<UpdateAuditEntry, 'fields' | 'before' | 'after'> {
  const fields = Object.keys(changes) as (keyof UpdateChanges)[]
  const shown = fields.filter((name) => !HIDDEN.has(name))
  return {
    fields,
    before: before === undefined ? {} : Object.fromEntries(shown.map((name) => [name, short(before[name])])),
    after: Object.fromEntries(shown.map((name) => [name, short(changes[name])])),
  }
}

/** A caller may write texts of any length: the log need not. */
function short(value: unknown): unknown {
  if (value instanceof Unreadable) return 'unreadable'
  if (typeof value === 'string') return cutText(value, CHARACTERS_MAX)
  return Array.isArray(value) ? value.map(short) : value
}

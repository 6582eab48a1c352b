import type { RequestScope } from '../../../graphql/scope.js'
import { type Decision, guardedWrite } from '../../../graphql/write/guarded-write.js'
import { inputErrors } from '../../../graphql/write/input-rules.js'
import { isApplied, type PreparedWrite } from '../../../graphql/write/send-once.js'
import { userError } from '../../../graphql/write/user-error.js'
import { toPayload } from '../../../graphql/write/write-result.js'
import { Unreadable } from '../../../kernel/unreadable.js'
import { putLink } from '../payment-link.api.js'
import { linkAccess, linkName } from '../payment-link.keys.js'
import type { UpdateChanges } from '../payment-link.model.js'
import { isPermanent } from '../read/payment-link.fresh.js'
import { paymentLinkLoaders } from '../read/payment-link.loader.js'
import { wholeLink } from '../wire/payment-link.wire.js'
import { notFound, stateErrors, uncheckedMethods, unknownField, upstreamErrors } from './update.errors.js'
import { metadataErrors, type UpdatePaymentLinkInput } from './update.input.js'
import {
  type Catalogue,
  forgetChanged,
  type KnownLink,
  type LinkUpdate,
  learn,
  readBack,
  readCatalogue,
  readLink,
} from './update.read.js'
import type { UpdatePaymentLinkPayload, UpdateUserError, UpdateUserErrorCode } from './update.type.js'
import { compareLink, isUntouched } from './update.verify.js'
import { encodeUpdate, missingFields } from './update.wire.js'

/** Customer data, and URLs that may contain secrets. */
const HIDDEN_IN_AUDIT: ReadonlySet<string> = new Set<keyof UpdateChanges>(['optionalMetadata', 'redirectUrl'])

/**
 * A partial update over an upstream route that replaces the whole link.
 * @throws GatewayError FORBIDDEN without the grant, WRITE_BUSY when nothing was sent, UPSTREAM_OUTCOME_UNKNOWN when it may have
 *   been written
 */
export async function updatePaymentLink(
  scope: RequestScope,
  input: UpdatePaymentLinkInput,
): Promise<UpdatePaymentLinkPayload> {
  const { accountId, id } = input
  const update: LinkUpdate = { scope, key: { accountId, id }, input, changes: changesOf(input) }
  const { key, changes } = update
  const result = await guardedWrite<KnownLink, UpdateUserErrorCode, Catalogue>(scope, {
    audit: {
      mutation: 'updatePaymentLink',
      target: { accountId, linkId: id },
      changes,
      hidden: HIDDEN_IN_AUDIT,
      valuesOf: ({ carried }) => carried,
    },
    inputErrors: [...inputErrors(input), ...metadataErrors(input, scope.services.limits.maxMetadataBytes)],
    requires: linkAccess(accountId, 'write'),
    lockKey: linkName(key),
    notFound,
    sideRead: (spareMs) => ({
      value: readCatalogue(update, spareMs / 2),
      isAwaitedFirst: changes.whitelistedPaymentMethod != null,
    }),
    read: (deadline) => readLink(update, deadline),
    decide: (link, catalogue) => decide(update, link, catalogue),
  })
  const { state, userErrors } = toPayload(result)
  if (state === null) return { paymentLink: null, userErrors }
  scope.get(paymentLinkLoaders).refresh(state.link)
  return { paymentLink: wholeLink(state.link), userErrors }
}

/** As JSON, which drops keys of metadata whose variable was omitted. */
function changesOf(input: UpdatePaymentLinkInput): UpdateChanges {
  const { accountId: _a, id: _i, expectedVersion: _v, expectedUpdatedAt: _u, ...fields } = input
  return JSON.parse(JSON.stringify(fields)) as UpdateChanges
}

/** @throws GatewayError when a value that the write needs may be readable on another try */
function decide(update: LinkUpdate, link: KnownLink, catalogue: Catalogue): Decision<KnownLink, UpdateUserErrorCode> {
  const { input, changes } = update
  const codes = catalogue instanceof Error ? undefined : catalogue
  const stateRefusals = stateErrors(link, input, codes)
  if (stateRefusals.length > 0) return { kind: 'refused', userErrors: stateRefusals }
  if (isApplied(compareLink(link.carried, changes, codes))) return { kind: 'unchanged' }
  const gaps = gapErrors(changes, link, catalogue)
  if (gaps.length > 0) return { kind: 'refused', userErrors: gaps }
  const encoded = encodeUpdate(link.row, changes, codes)
  if ('body' in encoded) return { kind: 'send', write: prepareWrite(update, link, { codes, body: encoded.body }) }
  const { field, message } = encoded.inexpressible
  return { kind: 'refused', userErrors: [userError('REJECTED', field, message)] }
}

/** What the write needs and no read has shown: unchanged fields to send back, and the catalogue for new codes. */
function gapErrors(
  changes: UpdateChanges,
  { row, listRow }: KnownLink,
  catalogue: Catalogue,
): readonly UpdateUserError[] {
  const gaps = listRow === 'found' ? [] : missingFields(row).filter((field) => changes[field] === undefined)
  if (gaps.length > 0 && listRow instanceof Error) throw listRow
  if (changes.whitelistedPaymentMethod == null || !(catalogue instanceof Error)) return gaps.map(unknownField)
  if (!isPermanent(catalogue)) throw catalogue
  return [...gaps.map(unknownField), uncheckedMethods]
}

interface Encoded {
  readonly body: string
  /** Every method code; undefined if unknown. */
  readonly codes: readonly string[] | undefined
}

function prepareWrite(
  update: LinkUpdate,
  link: KnownLink,
  { body, codes }: Encoded,
): PreparedWrite<KnownLink, UpdateUserErrorCode> {
  const { scope, key, changes } = update
  const unchanged = forgetChanged(link, changes)
  return {
    send: async (deadline) => {
      const response = await putLink(scope, key, { body, deadline })
      return wholeLink(response.link) instanceof Unreadable ? undefined : learn(unchanged, response)
    },
    readBack: (deadline, known = unchanged) => readBack(update, deadline, known),
    compare: ({ carried }) => compareLink(carried, changes, codes),
    isUntouched: ({ carried }, { different }) => isUntouched(carried, link.carried, { changes, different }),
    toUserErrors: (messages) => upstreamErrors(messages, link, changes),
  }
}

import { failure, forbidden, invalid, type SandboxAnswer, success } from '../../sandbox/answer.js'
import type { RowDialect } from '../../sandbox/behaviour.js'
import { encodeLinkRow } from '../../sandbox/link-row.js'
import { readUpdate } from '../../sandbox/link-update.js'
import { pageOf } from '../../sandbox/pagination.js'
import { PAYMENT_METHODS } from '../../sandbox/payment-methods.js'
import type { SandboxCall, SandboxContext, SandboxResource } from '../../sandbox/routes.js'
import type { AccountRecord, LinkRecord } from '../../sandbox/store.js'

/** The payment-link routes of v1.0; the catalogue sits in the account's place, as it does upstream [lsp]. */
export const paymentLinkSandbox: SandboxResource = {
  name: 'payment-link',
  routes: (context) => [
    {
      operation: 'payment-methods',
      method: 'GET',
      path: [...BASE, 'payment-methods'],
      handle: () => success(JSON.stringify(CATALOGUE)),
    },
    {
      operation: 'list',
      method: 'GET',
      path: [...BASE, ':accountId'],
      handle: (call) => withAccount(context, call, (account) => list(context, call, account)),
    },
    {
      operation: 'show',
      method: 'GET',
      path: [...BASE, ':accountId', ':linkId'],
      handle: (call) => withLink(context, call, (link, account) => success(rowText(context, 'show', [link, account]))),
    },
    {
      operation: 'update',
      method: 'PUT',
      path: [...BASE, ':accountId', ':linkId'],
      handle: (call) => withLink(context, call, (link, account) => update(context, call, [link, account])),
    },
  ],
}

const BASE = ['api', 'v1.0', 'payment-link-manage']

const CATALOGUE = { payment_methods: PAYMENT_METHODS, available_codes: PAYMENT_METHODS.map(({ code }) => code) }

type Owned = readonly [LinkRecord, AccountRecord]

function withAccount(
  { store, behaviour }: SandboxContext,
  { params: { accountId = '' }, merchant }: SandboxCall,
  answer: (account: AccountRecord) => SandboxAnswer,
): SandboxAnswer {
  const account = store.findAccount(accountId)
  if (account === undefined) return failure(404, 'Account not found.')
  return account.merchant === merchant.name ? answer(account) : forbidden(behaviour().forbiddenAs)
}

function withLink(
  context: SandboxContext,
  call: SandboxCall,
  answer: (link: LinkRecord, account: AccountRecord) => SandboxAnswer,
): SandboxAnswer {
  return withAccount(context, call, (account) => {
    const { linkId = '' } = call.params
    const link = /^\d+$/.test(linkId) ? context.store.findLink(account.id, Number(linkId)) : undefined
    return link === undefined ? failure(404, 'Payment link not found.') : answer(link, account)
  })
}

function list(context: SandboxContext, { query }: SandboxCall, account: AccountRecord): SandboxAnswer {
  const behaviour = context.behaviour()
  const newestFirst = context.store.linksOf(account.id)
  const page = pageOf(behaviour.order === 'newest' ? newestFirst : newestFirst.toReversed(), {
    query,
    behaviour,
    ownUrl: `${context.url}/${[...BASE, account.id].join('/')}`,
  })
  const rows = page.rows.map((link) => rowText(context, 'list', [link, account]))
  churn(context, account)
  return success(`[${rows.join(',')}]`, page.figures)
}

/** Between two page reads of one caller, somebody else may create or delete a link. */
function churn({ store, behaviour }: SandboxContext, { id }: AccountRecord): void {
  const { onList } = behaviour()
  if (onList === 'insertBeforeNext') store.insertLink({ accountId: id })
  const newest = onList === 'deleteBeforeNext' ? store.linksOf(id)[0] : undefined
  if (newest !== undefined) store.deleteLink(id, newest.id)
}

function update(context: SandboxContext, { body }: SandboxCall, [link, account]: Owned): SandboxAnswer {
  const behaviour = context.behaviour()
  const reading = readUpdate(body, link, behaviour)
  if ('errors' in reading) return invalid(reading.errors, behaviour)
  const changed = context.store.patchLink(account.id, link.id, reading.changes)
  return success(rowText(context, 'update', [changed, account]))
}

function rowText(context: SandboxContext, operation: 'list' | 'show' | 'update', [link, account]: Owned): string {
  const behaviour = context.behaviour()
  const dialects: Record<typeof operation, RowDialect> = {
    list: behaviour.listDialect,
    show: behaviour.showDialect,
    update: behaviour.updateDialect,
  }
  const raw = context.store.rawOf(link.id, operation)
  return encodeLinkRow(link, account, { dialect: dialects[operation], behaviour, nowMs: context.now(), raw })
}

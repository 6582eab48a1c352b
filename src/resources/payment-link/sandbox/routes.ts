import type { AccountRecord } from '../../../sandbox/directory.js'
import type { SandboxContext, SandboxRequest, SandboxRoute } from '../../../sandbox/resource.js'
import { found, type SandboxResponse, success } from '../../../sandbox/response.js'
import type { LinkBehaviour } from './behaviour.js'
import { PAYMENT_METHODS } from './payment-methods.js'
import type { LinkRecord, LinkStore } from './records.js'
import { rowOf } from './row.js'
import { checkUpdate } from './rules.js'

export type LinkRoutesContext = SandboxContext<LinkBehaviour> & { readonly store: LinkStore }

export function linkRoutes(context: LinkRoutesContext): readonly SandboxRoute[] {
  const root = '/api/v1.0/payment-link-manage'
  const link = `${root}/:accountId/:linkId`
  return [
    // In the place of an account, as upstream [lsp].
    { operation: 'payment-methods', method: 'GET', path: `${root}/payment-methods`, handle: () => success(CATALOGUE) },
    { operation: 'list', method: 'GET', path: `${root}/:accountId`, handle: (request) => list(context, request) },
    { operation: 'show', method: 'GET', path: link, handle: (request) => show(context, request) },
    { operation: 'update', method: 'PUT', path: link, handle: (request) => update(context, request) },
  ]
}

const CATALOGUE = JSON.stringify({
  payment_methods: PAYMENT_METHODS,
  available_codes: PAYMENT_METHODS.map(({ code }) => code),
})

function list(context: LinkRoutesContext, request: SandboxRequest): SandboxResponse {
  const account = request.account()
  const newestFirst = context.store.linksOf(account.id)
  const links = context.behaviour().order === 'newest' ? newestFirst : newestFirst.toReversed()
  const response = request.page(links, (link) => textOf(context, 'list', [link, account]))
  churn(context, account)
  return response
}

/** Between two page reads, another client may create or delete a link. */
function churn({ store, behaviour }: LinkRoutesContext, { id }: AccountRecord): void {
  const { onList } = behaviour()
  if (onList === 'insertBeforeNext') store.insertLink({ accountId: id })
  const newest = onList === 'deleteBeforeNext' ? store.linksOf(id)[0] : undefined
  if (newest !== undefined) store.deleteLink(id, newest.id)
}

function show(context: LinkRoutesContext, request: SandboxRequest): SandboxResponse {
  return success(textOf(context, 'show', ownedLink(context, request)))
}

function update(context: LinkRoutesContext, request: SandboxRequest): SandboxResponse {
  const [link, account] = ownedLink(context, request)
  const checked = checkUpdate(request.body, link, context.behaviour())
  if ('errors' in checked) return request.invalid(checked.errors)
  const changed = context.store.patchLink(account.id, link.id, checked.changes)
  return success(textOf(context, 'update', [changed, account]))
}

type OwnedLink = readonly [LinkRecord, AccountRecord]

function ownedLink({ store }: LinkRoutesContext, request: SandboxRequest): OwnedLink {
  const account = request.account()
  const linkId = request.param('linkId')
  const link = /^\d+$/.test(linkId) ? store.find(account.id, Number(linkId)) : undefined
  return [found(link, 'Payment link not found.'), account]
}

function textOf(context: LinkRoutesContext, operation: 'list' | 'show' | 'update', [link, account]: OwnedLink): string {
  const behaviour = context.behaviour()
  const dialect = behaviour[`${operation}Dialect`]
  const row = rowOf(link, account, { dialect, behaviour, nowMs: context.now() })
  return context.store.textOf(link.id, operation, row)
}

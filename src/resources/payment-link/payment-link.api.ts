import type { PageKey } from '../../graphql/connection/paginator/page.js'
import { readPage } from '../../graphql/connection/read-page.js'
import type { RequestScope } from '../../graphql/scope.js'
import type { Deadline } from '../../kernel/deadline.js'
import { pageQuery } from '../../upstream/pagination.js'
import type { Cached, UpstreamRequest } from '../../upstream/request.js'
import { type LinkAccess, type LinkKey, linkAccess, linkList, linkName } from './payment-link.keys.js'
import { parsePaymentMethods } from './wire/payment-method.wire.js'
import {
  type LinkPage,
  nextExpiry,
  type ParseContext,
  parseLinkPage,
  parseShownLink,
  type ShownLink,
} from './wire/responses.wire.js'

export type { LinkPage, ShownLink }

/** The payment-link routes of the upstream, v1.0: https://docs.singapay.id/api-reference/payment-link. */
const ROUTE = ['v1.0', 'payment-link-manage'] as const

/** How a read is made. */
export interface ReadOptions {
  readonly freshness: 'shared' | 'fresh'
  /** Default: `read`. An update reads with `write`. */
  readonly access?: LinkAccess
  /** Default: the request's own. */
  readonly deadline?: Deadline
}

/** A whole representation as JSON text, and the time it may take. */
export interface LinkWrite {
  readonly body: string
  readonly deadline: Deadline
}

export interface LinkPageRequest extends PageKey, ReadOptions {}

/**
 * `GET …/{account_id}?page&per_page` [seed:list]; an empty page where the upstream says 404 behind the end.
 * @throws UpstreamFailure NOT_FOUND for an unknown account
 */
export function listLinks(scope: RequestScope, accountId: string, request: LinkPageRequest): Promise<LinkPage> {
  return readPage(request, (page) =>
    scope.send(listRequest(scope, accountId, { ...request, ...page }), request.deadline),
  )
}

/** `GET …/{account_id}/{payment_link_id}` [seed:show]. @throws UpstreamFailure NOT_FOUND */
export function showLink(
  scope: RequestScope,
  key: LinkKey,
  how: ReadOptions = { freshness: 'shared' },
): Promise<ShownLink> {
  return scope.send(showRequest(scope, key, how), how.deadline)
}

/** A page of the list from the cache; makes no call. */
export function findCachedPage(
  scope: RequestScope,
  accountId: string,
  page: PageKey,
): Promise<Cached<LinkPage> | undefined> {
  return scope.findCached(listRequest(scope, accountId, { ...page, freshness: 'shared' }))
}

/** A single read from the cache; makes no call. */
export function findCachedLink(scope: RequestScope, key: LinkKey): Promise<Cached<ShownLink> | undefined> {
  return scope.findCached(showRequest(scope, key, { freshness: 'shared' }))
}

/**
 * `PUT …/{account_id}/{payment_link_id}` of the whole representation [seed:update]; sent once.
 * @throws MalformedResponse when the upstream accepted the update but does not show the link
 */
export function putLink(scope: RequestScope, key: LinkKey, { body, deadline }: LinkWrite): Promise<ShownLink> {
  const operation = 'payment-link.update'
  const request: UpstreamRequest<ShownLink> = {
    operation,
    method: 'PUT',
    requires: linkAccess(key.accountId, 'write'),
    path: [...ROUTE, key.accountId, key.id],
    body,
    tags: [linkName(key), linkList(key.accountId)],
    freshness: 'fresh',
    parse: (response) => parseShownLink(response, key.id, contextOf(scope, key.accountId, operation)),
  }
  return scope.send(request, deadline)
}

/** `GET …/payment-methods`: the codes a whitelist may hold [old:payment-link/get-available-payment-method]. */
export function listPaymentMethods(scope: RequestScope): Promise<readonly string[]> {
  return scope.send({
    operation: 'payment-link.payment-methods',
    method: 'GET',
    requires: { kind: 'public' },
    path: [...ROUTE, 'payment-methods'],
    tags: [],
    freshness: 'shared',
    parse: parsePaymentMethods,
  })
}

function listRequest(
  scope: RequestScope,
  accountId: string,
  { freshness, access = 'read', ...page }: LinkPageRequest,
): UpstreamRequest<LinkPage> {
  const operation = 'payment-link.list'
  return {
    operation,
    method: 'GET',
    requires: linkAccess(accountId, access),
    path: [...ROUTE, accountId],
    query: pageQuery(page),
    tags: [linkList(accountId)],
    freshness,
    parse: (body) => parseLinkPage(body, page.number, contextOf(scope, accountId, operation)),
    validUntil: ({ rows }) => nextExpiry(rows, scope.services.clock.now()),
  }
}

function showRequest(
  scope: RequestScope,
  key: LinkKey,
  { freshness, access = 'read' }: ReadOptions,
): UpstreamRequest<ShownLink> {
  const operation = 'payment-link.show'
  return {
    operation,
    method: 'GET',
    requires: linkAccess(key.accountId, access),
    path: [...ROUTE, key.accountId, key.id],
    tags: [linkName(key)],
    freshness,
    parse: (body) => parseShownLink(body, key.id, contextOf(scope, key.accountId, operation)),
    validUntil: ({ link }) => nextExpiry([{ node: link }], scope.services.clock.now()),
  }
}

function contextOf({ services }: RequestScope, accountId: string, operation: string): ParseContext {
  return { accountId, operation, now: services.clock.now(), logger: services.logger }
}

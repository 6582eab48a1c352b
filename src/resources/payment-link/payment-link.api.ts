import type { PageKey } from '../../graphql/connection/paginator/page.js'
import type { RequestScope } from '../../graphql/scope.js'
import type { Deadline } from '../../kernel/deadline.js'
import { hasCode } from '../../kernel/errors.js'
import { MalformedResponse } from '../../upstream/malformed-response.js'
import { hasRowsOn } from '../../upstream/pagination.js'
import type { Cached, UpstreamRequest } from '../../upstream/request.js'
import { type LinkAccess, type LinkKey, linkAccess, linkListName, linkName } from './payment-link.keys.js'
import { parsePaymentMethods } from './wire/payment-method.wire.js'
import {
  type LinkPage,
  type LinkResponse,
  nextExpiry,
  type ParseContext,
  parseLinkPage,
  parseLinkResponse,
} from './wire/responses.wire.js'

/** The payment-link routes of the upstream, v1.0: https://docs.singapay.id/api-reference/payment-link. */
const ROUTE = ['v1.0', 'payment-link-manage'] as const

/** An upstream that ignores `per_page` may send more rows [sdk]. */
const ROWS_MAX = 100

/** How a read is made. */
export interface ReadOptions {
  readonly freshness: 'shared' | 'fresh'
  /** Default: `read`. An update reads with `write`. */
  readonly access?: LinkAccess
  /** Default: the request's own. */
  readonly deadline?: Deadline
}

export interface LinkPageRequest extends PageKey, ReadOptions {}

/**
 * `GET …/{account_id}?page&per_page` [seed:list]; an empty page if the upstream returns 404 past the end.
 * @throws UpstreamFailure NOT_FOUND for an unknown account
 */
export async function listLinks(scope: RequestScope, accountId: string, page: LinkPageRequest): Promise<LinkPage> {
  try {
    return await scope.send(listRequest(scope, accountId, page), page.deadline)
  } catch (error) {
    if (page.number === 1 || !hasCode(error, 'NOT_FOUND')) throw error
    // The list may end before this page, or not exist at all: its first page decides.
    const { pagination } = await readFirstPage(scope, accountId, page)
    const own = pagination && { ...pagination, currentPage: page.number, count: 0 }
    return { rows: [], pagination: own }
  }
}

/** `GET …/{account_id}/{payment_link_id}` [seed:show]. @throws UpstreamFailure NOT_FOUND */
export function showLink(
  scope: RequestScope,
  key: LinkKey,
  how: ReadOptions = { freshness: 'shared' },
): Promise<LinkResponse> {
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
export function findCachedLink(scope: RequestScope, key: LinkKey): Promise<Cached<LinkResponse> | undefined> {
  return scope.findCached(showRequest(scope, key, { freshness: 'shared' }))
}

/**
 * `PUT …/{account_id}/{payment_link_id}` of the whole representation [seed:update]; sent once.
 * @throws MalformedResponse when the upstream accepted the update but does not show the link
 */
export function putLink(
  scope: RequestScope,
  key: LinkKey,
  { body, deadline }: { readonly body: string; readonly deadline: Deadline },
): Promise<LinkResponse> {
  const operation = 'payment-link.update'
  const request: UpstreamRequest<LinkResponse> = {
    operation,
    method: 'PUT',
    requires: linkAccess(key.accountId, 'write'),
    path: [...ROUTE, key.accountId, key.id],
    body,
    tags: [linkName(key), linkListName(key.accountId)],
    freshness: 'fresh',
    parse: (response) => parseLinkResponse(response, key.id, contextOf(scope, key.accountId, operation)),
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

/** @throws MalformedResponse when even a fresh first page counts rows on the page that was not found */
async function readFirstPage(scope: RequestScope, accountId: string, notFound: LinkPageRequest): Promise<LinkPage> {
  const attempts = notFound.freshness === 'fresh' ? (['fresh'] as const) : (['shared', 'fresh'] as const)
  for (const freshness of attempts) {
    const request = listRequest(scope, accountId, { ...notFound, number: 1, freshness })
    const page = await scope.send(request, notFound.deadline)
    if (!hasRowsOn(notFound.number, page)) return page
  }
  throw new MalformedResponse('$.data', 'the page is counted but not found')
}

function listRequest(
  scope: RequestScope,
  accountId: string,
  { number, size, freshness, access = 'read' }: LinkPageRequest,
): UpstreamRequest<LinkPage> {
  const operation = 'payment-link.list'
  return {
    operation,
    method: 'GET',
    requires: linkAccess(accountId, access),
    path: [...ROUTE, accountId],
    query: { page: String(number), per_page: String(Math.min(size, ROWS_MAX)) },
    tags: [linkListName(accountId)],
    freshness,
    parse: (body) => parseLinkPage(body, number, contextOf(scope, accountId, operation)),
    validUntil: ({ rows }) => nextExpiry(rows, scope.services.clock.now()),
  }
}

function showRequest(
  scope: RequestScope,
  key: LinkKey,
  { freshness, access = 'read' }: ReadOptions,
): UpstreamRequest<LinkResponse> {
  const operation = 'payment-link.show'
  return {
    operation,
    method: 'GET',
    requires: linkAccess(key.accountId, access),
    path: [...ROUTE, key.accountId, key.id],
    tags: [linkName(key)],
    freshness,
    parse: (body) => parseLinkResponse(body, key.id, contextOf(scope, key.accountId, operation)),
    validUntil: ({ link }) => nextExpiry([{ node: link }], scope.services.clock.now()),
  }
}

function contextOf({ services }: RequestScope, accountId: string, operation: string): ParseContext {
  return { accountId, operation, now: services.clock.now(), logger: services.logger }
}

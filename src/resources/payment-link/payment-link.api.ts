import type { PageKey, PageResponse } from '../../graphql/connection/paginator/page.js'
import type { AppScope, RequestScope } from '../../graphql/scope.js'
import { createDeadline, type Deadline } from '../../kernel/deadline.js'
import { hasCode } from '../../kernel/errors.js'
import type { Access } from '../../kernel/grants.js'
import { epochMsOf } from '../../kernel/instant.js'
import { Unreadable } from '../../kernel/unreadable.js'
import { fingerprintOf, wireObject } from '../../upstream/json-reader.js'
import { MalformedAnswer } from '../../upstream/malformed.js'
import { isCounted, parseLinkPage } from '../../upstream/pagination.js'
import type { KeptAnswer, UpstreamAnswer, UpstreamRequest } from '../../upstream/request.js'
import { refuseForeignRow } from '../account-facts/account-facts.wire.js'
import { type LinkKey, linkList, linkName } from './payment-link.keys.js'
import type { PartlyReadLink, PaymentLink } from './payment-link.model.js'
import {
  namingLink,
  parseLinkFields,
  parseShownLink,
  type RowContext,
  readLinkId,
  unreadableFields,
  wholeLink,
} from './payment-link.wire.js'
import { parsePaymentMethods } from './payment-method.wire.js'

/** A link beside the wire row it was read from; an update goes out from the row, never from the model. */
export interface ShownLink {
  readonly link: PartlyReadLink
  readonly row: Readonly<Record<string, unknown>>
}

export interface PageRequest extends PageKey {
  readonly freshness: 'shared' | 'fresh'
  /** `read` when it is left out; `write` for what an update has to know. */
  readonly access?: Access
  /** The request's own when it is left out. */
  readonly deadline?: Deadline
}

/** The payment-link routes of the upstream, v1.0: https://docs.singapay.id/api-reference/payment-link. */
export interface PaymentLinkApi {
  /** `GET …/{account_id}?page&per_page` [seed:list]. @throws UpstreamFailure NOT_FOUND for an unknown account */
  list(scope: RequestScope, accountId: string, page: PageRequest): Promise<LinkPageAnswer>
  /** `GET …/{account_id}/{payment_link_id}` [seed:show]. @throws UpstreamFailure NOT_FOUND */
  show(scope: RequestScope, key: LinkKey, how?: FreshRead): Promise<ShownLink>
  /** A page that is kept from before; nothing is asked. */
  keptList(scope: RequestScope, accountId: string, page: PageKey): Promise<Kept<LinkPageAnswer> | undefined>
  /** A single read that is kept from before; nothing is asked. */
  keptShow(scope: RequestScope, key: LinkKey): Promise<Kept<ShownLink> | undefined>
  /** `PUT` of the whole representation [seed:update]; sent once. The answer may be unreadable though it was applied. */
  update(scope: RequestScope, key: LinkKey, body: string): Promise<ShownLink>
  /** `GET …/payment-methods`: the codes a whitelist may hold [old:payment-link/get-available-payment-method]. */
  paymentMethods(scope: RequestScope): Promise<readonly string[]>
}

/** A read past every cache and shared flight. */
export interface FreshRead {
  readonly freshness: 'fresh'
  /** As in `PageRequest`. */
  readonly access?: Access
  readonly deadline?: Deadline
}

interface ReadContext extends RowContext {
  readonly operation: string
}

type ListedRow = LinkPageAnswer['rows'][number]

interface ReadRow {
  readonly listed: ListedRow
  readonly wireRow: unknown
}

/** What an answer of before tells, and when that was asked for. */
export interface Kept<Answer> extends Pick<KeptAnswer, 'startedAtMs'> {
  readonly answer: Answer
}

/** A page whose rows are kept as they came, too: a field that `show` lacks is looked up there. */
export interface LinkPageAnswer extends PageResponse<PaymentLink> {
  readonly wireRows: readonly unknown[]
}

const ROUTE = ['v1.0', 'payment-link-manage'] as const
/** More rows come only from an upstream that does not look at `per_page` [sdk]. */
const ROWS_MAX = 100

/** One per process: what was parsed from a shared answer is parsed once. */
export function createPaymentLinkApi(app: AppScope): PaymentLinkApi {
  const { clock, logger, limits } = app.services
  const parsed = new WeakMap<object, () => unknown>()
  const once = <T>(body: unknown, parse: () => T): T => {
    if (typeof body !== 'object' || body === null) return parse()
    const outcome = parsed.get(body) ?? outcomeOf(parse)
    parsed.set(body, outcome)
    return outcome() as T
  }

  function pageOf(accountId: string, number: number, body: unknown): LinkPageAnswer {
    return once(body, () => {
      const { rows, figures } = parseLinkPage(body, number)
      const [operation, now] = ['payment-link.list', clock.now()]
      const read = rows.map((row, index) => readRow(row, { operation, accountId, now, path: `$.data[${index}]` }))
      return {
        rows: read.map(({ listed }) => listed),
        pagination: figures,
        wireRows: read.map(({ wireRow }) => wireRow),
      }
    })
  }

  function readRow(row: unknown, at: ReadContext): ReadRow {
    try {
      const link = wholeLink(fieldsOf(row, at))
      if (link instanceof Unreadable) return { listed: unread(row, link), wireRow: row }
      return { listed: { id: link.id, sortKey: epochMsOf(link.createdAt), node: link }, wireRow: row }
    } catch (error) {
      // Nothing is kept of what is no link, or one of another account.
      return { listed: unread(row, logged(error, at.operation, readLinkId(row))), wireRow: undefined }
    }
  }

  function shownOf({ accountId, id }: LinkKey, body: unknown, operation: string): ShownLink {
    return once(body, () => {
      try {
        const row = parseShownLink(body)
        const link = fieldsOf(row, { operation, accountId, now: clock.now(), path: '$.data' })
        if (link.id !== id) throw new MalformedAnswer('$.data.id')
        return { link, row }
      } catch (error) {
        throw logged(error, operation, id)
      }
    })
  }

  function fieldsOf(row: unknown, at: ReadContext): PartlyReadLink {
    refuseForeignRow(wireObject(row, at.path), at.accountId)
    const link = parseLinkFields(row, at)
    for (const { jsonPath } of unreadableFields(link)) {
      logger.warn({ operation: at.operation, jsonPath }, 'a field of the upstream cannot be read')
    }
    return link
  }

  /** An answer is read once, however many ask for it, and so is what it holds logged once. */
  function logged(error: unknown, operation: string, id: string | undefined): MalformedAnswer {
    if (!(error instanceof MalformedAnswer)) throw error
    logger.warn({ operation, jsonPath: error.jsonPath }, 'a link of the upstream cannot be read')
    return id === undefined ? error : namingLink(id, error)
  }

  function listRequest(
    accountId: string,
    { number, size, freshness, access = 'read' }: Omit<PageRequest, 'deadline'>,
  ): UpstreamRequest {
    return {
      operation: 'payment-link.list',
      method: 'GET',
      account: { id: accountId, access },
      path: [...ROUTE, accountId],
      query: { page: String(number), per_page: String(Math.min(size, ROWS_MAX)) },
      tags: [linkList(accountId)],
      freshness,
      trueUntil: (body) => {
        const nodes = pageOf(accountId, number, body).rows.map((row) => row.node)
        return soonestExpiry(nodes, clock.now())
      },
    }
  }

  async function listPage(scope: RequestScope, accountId: string, page: PageRequest): Promise<LinkPageAnswer> {
    return pageOf(accountId, page.number, (await scope.send(listRequest(accountId, page), page.deadline)).body)
  }

  /** @throws MalformedAnswer where its figures, past every cache too, count rows on the page that was not found */
  async function firstPage(scope: RequestScope, accountId: string, notFound: PageRequest): Promise<LinkPageAnswer> {
    const ways = notFound.freshness === 'fresh' ? (['fresh'] as const) : (['shared', 'fresh'] as const)
    for (const freshness of ways) {
      const page = await listPage(scope, accountId, { ...notFound, number: 1, freshness })
      if (!isCounted(notFound.number, { ...page, figures: page.pagination })) return page
    }
    throw new MalformedAnswer('$.data', 'a page that is counted and not found')
  }

  function showRequest(key: LinkKey, how: Pick<FreshRead, 'access'> & Pick<PageRequest, 'freshness'>): UpstreamRequest {
    return {
      operation: 'payment-link.show',
      method: 'GET',
      account: { id: key.accountId, access: how.access ?? 'read' },
      path: [...ROUTE, key.accountId, key.id],
      tags: [linkName(key)],
      freshness: how.freshness,
      trueUntil: (body) => soonestExpiry([shownOf(key, body, 'payment-link.show').link], clock.now()),
    }
  }

  return {
    async list(scope, accountId, page) {
      try {
        return await listPage(scope, accountId, page)
      } catch (error) {
        if (page.number === 1 || !hasCode(error, 'NOT_FOUND')) throw error
        // Of a page it may mean that the list ends before: whether there is a list at all its first page tells.
        const { pagination } = await firstPage(scope, accountId, page)
        return {
          rows: [],
          wireRows: [],
          pagination: pagination && { ...pagination, currentPage: page.number, count: 0 },
        }
      }
    },

    async show(scope, key, how) {
      const answer = await scope.send(showRequest(key, { freshness: 'shared', ...how }), how?.deadline)
      return shownOf(key, answer.body, 'payment-link.show')
    },

    async keptList(scope, accountId, page) {
      const kept = await scope.findKept(listRequest(accountId, { ...page, freshness: 'shared' }))
      return kept && { answer: pageOf(accountId, page.number, kept.body), startedAtMs: kept.startedAtMs }
    },

    async keptShow(scope, key) {
      const kept = await scope.findKept(showRequest(key, { freshness: 'shared' }))
      return kept && { answer: shownOf(key, kept.body, 'payment-link.show'), startedAtMs: kept.startedAtMs }
    },

    async update(scope, key, body) {
      const deadline = createDeadline(clock, limits.upstreamTimeoutMs)
      try {
        const answer: UpstreamAnswer = await scope.send(
          {
            operation: 'payment-link.update',
            method: 'PUT',
            account: { id: key.accountId, access: 'write' },
            path: [...ROUTE, key.accountId, key.id],
            body,
            tags: [linkName(key), linkList(key.accountId)],
            freshness: 'fresh',
          },
          deadline,
        )
        return shownOf(key, answer.body, 'payment-link.update')
      } finally {
        deadline.release()
      }
    },

    async paymentMethods(scope) {
      const answer = await scope.send({
        operation: 'payment-link.payment-methods',
        method: 'GET',
        account: 'none',
        path: [...ROUTE, 'payment-methods'],
        tags: [],
        freshness: 'shared',
      })
      return once(answer.body, () => parsePaymentMethods(answer.body))
    },
  }
}

function unread(row: unknown, node: Unreadable): ListedRow {
  return { id: readLinkId(row), node, content: fingerprintOf(row) }
}

/** Gives what the work gave, or throws what it threw, as often as it is asked. */
function outcomeOf<T>(work: () => T): () => T {
  try {
    const value = work()
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}

/** When the first of these links expires by the clock alone: from then on the answer tells an old status. */
function soonestExpiry(links: readonly (PartlyReadLink | Error)[], now: number): number | undefined {
  const moments = links
    .map((link) => (link instanceof Error ? undefined : link.expiredAt))
    .map((expiredAt) => (expiredAt == null || expiredAt instanceof Unreadable ? undefined : epochMsOf(expiredAt)))
    .filter((moment) => moment !== undefined && moment > now)
  return moments.length === 0 ? undefined : Math.min(...(moments as number[]))
}

import type { PageAnswer } from '../../graphql/connection/pages.js'
import type { AppScope, RequestScope } from '../../graphql/scope.js'
import { createDeadline, type Deadline } from '../../kernel/deadline.js'
import { hasCode } from '../../kernel/errors.js'
import type { Access } from '../../kernel/grants.js'
import { epochMsOf } from '../../kernel/instant.js'
import { MalformedAnswer } from '../../upstream/malformed.js'
import type { UpstreamAnswer, UpstreamRequest } from '../../upstream/request.js'
import { fingerprintOf } from './json-equality.js'
import { parseLinkPage } from './page.wire.js'
import type { PaymentLink } from './payment-link.model.js'
import { parsePaymentLink, parseShownLink, readLinkId } from './payment-link.wire.js'
import { parsePaymentMethods } from './payment-method.wire.js'

/** Names one link; `id` alone does not: the upstream checks the pair. */
export interface LinkKey {
  readonly accountId: string
  readonly id: string
}

/** A link beside the wire row it was read from; an update goes out from the row, never from the model. */
export interface ShownLink {
  readonly link: PaymentLink
  readonly row: Readonly<Record<string, unknown>>
}

export interface PageRequest {
  readonly number: number
  readonly size: number
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

/** A page whose rows are kept as they came, too: a field that `show` lacks is looked up there. */
export interface LinkPageAnswer extends PageAnswer<PaymentLink> {
  readonly wireRows: readonly unknown[]
}

const ROUTE = ['v1.0', 'payment-link-manage'] as const
/** More rows come only from an upstream that does not look at `per_page` [sdk]. */
const ROWS_MAX = 100

/** One per process: what was parsed from a shared answer is parsed once. */
export function createPaymentLinkApi(app: AppScope): PaymentLinkApi {
  const { clock, logger, limits } = app.services
  const parsed = new WeakMap<object, unknown>()
  const once = <T>(body: unknown, parse: () => T): T => {
    if (typeof body !== 'object' || body === null) return parse()
    if (!parsed.has(body)) parsed.set(body, parse())
    return parsed.get(body) as T
  }

  function pageOf(accountId: string, number: number, body: unknown): LinkPageAnswer {
    return once(body, () => {
      const { rows, figures } = parseLinkPage(body, number)
      return { rows: rows.map((row, index) => rowOf(accountId, row, index)), figures, wireRows: rows }
    })
  }

  function rowOf(accountId: string, row: unknown, index: number): PageAnswer<PaymentLink>['rows'][number] {
    try {
      const link = parsePaymentLink(row, { accountId, now: clock.now(), path: `$.data[${index}]` })
      return { id: link.id, createdAtMs: epochMsOf(link.createdAt), node: link }
    } catch (error) {
      if (!(error instanceof MalformedAnswer)) throw error
      logger.warn({ operation: 'payment-link.list', jsonPath: error.jsonPath }, 'a row of the upstream cannot be read')
      return { id: readLinkId(row), createdAtMs: undefined, node: error, content: fingerprintOf(row) }
    }
  }

  function shownOf(key: LinkKey, body: unknown, operation: string): ShownLink {
    return once(body, () => {
      try {
        const row = parseShownLink(body)
        const link = parsePaymentLink(row, { accountId: key.accountId, now: clock.now(), path: '$.data' })
        if (link.id !== key.id) throw new MalformedAnswer('$.data.id')
        return { link, row }
      } catch (error) {
        if (error instanceof MalformedAnswer) {
          logger.warn({ operation, jsonPath: error.jsonPath }, 'an answer of the upstream cannot be read')
        }
        throw error
      }
    })
  }

  async function listPage(
    scope: RequestScope,
    accountId: string,
    { number, size, freshness, access = 'read', deadline }: PageRequest,
  ): Promise<LinkPageAnswer> {
    const request: UpstreamRequest = {
      operation: 'payment-link.list',
      method: 'GET',
      account: { id: accountId, access },
      path: [...ROUTE, accountId],
      query: { page: String(number), per_page: String(Math.min(size, ROWS_MAX)) },
      tags: [accountTag(accountId)],
      freshness,
      trueUntil: (body) => {
        const nodes = pageOf(accountId, number, body).rows.map((row) => row.node)
        return soonestExpiry(nodes, clock.now())
      },
    }
    return pageOf(accountId, number, (await scope.send(request, deadline)).body)
  }

  return {
    async list(scope, accountId, page) {
      try {
        return await listPage(scope, accountId, page)
      } catch (error) {
        if (page.number === 1 || !hasCode(error, 'NOT_FOUND')) throw error
        // Of a page it may mean that the list ends before: whether there is a list at all its first page tells.
        const { figures } = await listPage(scope, accountId, { ...page, number: 1 })
        return { rows: [], wireRows: [], figures: figures && { ...figures, currentPage: page.number, count: 0 } }
      }
    },

    async show(scope, key, how) {
      const request: UpstreamRequest = {
        operation: 'payment-link.show',
        method: 'GET',
        account: { id: key.accountId, access: how?.access ?? 'read' },
        path: [...ROUTE, key.accountId, key.id],
        tags: [linkTag(key)],
        freshness: how?.freshness ?? 'shared',
        trueUntil: (body) => soonestExpiry([shownOf(key, body, 'payment-link.show').link], clock.now()),
      }
      return shownOf(key, (await scope.send(request, how?.deadline)).body, 'payment-link.show')
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
            tags: [linkTag(key), accountTag(key.accountId)],
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

function accountTag(accountId: string): string {
  return `account/${accountId}`
}

function linkTag({ accountId, id }: LinkKey): string {
  return `account/${accountId}/payment-link/${id}`
}

/** When the first of these links expires by the clock alone: from then on the answer tells an old status. */
function soonestExpiry(nodes: readonly (PaymentLink | Error)[], now: number): number | undefined {
  const moments = nodes
    .map((node) => (node instanceof Error || node.expiredAt == null ? undefined : epochMsOf(node.expiredAt)))
    .filter((moment) => moment !== undefined && moment > now)
  return moments.length === 0 ? undefined : Math.min(...(moments as number[]))
}

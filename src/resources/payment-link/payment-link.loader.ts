import DataLoader from 'dataloader'
import { nextStep } from '../../graphql/batch-plan.js'
import { createListHintBook } from '../../graphql/connection/list-hints.js'
import { ListReader } from '../../graphql/connection/list-reader.js'
import type { Page } from '../../graphql/connection/pages.js'
import type { RequestScope } from '../../graphql/scope.js'
import { GatewayError } from '../../kernel/errors.js'
import { accountBook } from '../account/account.book.js'
import { createPaymentLinkApi, type LinkKey } from './payment-link.api.js'
import type { PaymentLink } from './payment-link.model.js'

/** Every way in which one request reads payment links; what one way has brought the others do not fetch again. */
export interface PaymentLinkLoaders {
  /** One link, or null when the account has no such link; loads of one tick are batched per account. */
  readonly byKey: DataLoader<LinkKey, PaymentLink | null, string>
  /** The list of an account, read by position. */
  list(accountId: string): ListReader<PaymentLink>
  /** After a write: forgets what was read of the account and remembers the link as it is now. */
  refresh(link: PaymentLink): void
}

/** Built on first use by `scope.get(paymentLinkLoaders)` and gone with the request. */
export function paymentLinkLoaders(scope: RequestScope): PaymentLinkLoaders {
  const accounts = new Map<string, AccountLinks>()
  const accountOf = (accountId: string): AccountLinks => {
    const account = accounts.get(accountId) ?? new AccountLinks(scope, accountId)
    accounts.set(accountId, account)
    return account
  }
  const byKey = new DataLoader<LinkKey, PaymentLink | null, string>((keys) => loadByAccount(keys, accountOf), {
    cacheKeyFn: ({ accountId, id }) => `${accountId}/${id}`,
  })
  return {
    byKey,
    list: (accountId) => accountOf(accountId).list,
    refresh: (link) => {
      accounts.delete(link.accountId)
      byKey.clearAll()
      byKey.prime({ accountId: link.accountId, id: link.id }, link)
      scope.get(accountBook).note(link.accountId, link.accountFacts, link.updatedAt)
    },
  }
}

/** Splits a batch by account, loads the accounts side by side and puts the answers back into the order of the keys. */
async function loadByAccount(
  keys: readonly LinkKey[],
  accountOf: (accountId: string) => AccountLinks,
): Promise<(PaymentLink | null | Error)[]> {
  const idsByAccount = new Map<string, string[]>()
  for (const { accountId, id } of keys) {
    idsByAccount.set(accountId, [...(idsByAccount.get(accountId) ?? []), id])
  }
  const loaded = new Map<string, ReadonlyMap<string, PaymentLink | null | Error>>()
  await Promise.all(
    [...idsByAccount].map(async ([accountId, ids]) => {
      loaded.set(accountId, await accountOf(accountId).loadMany(ids))
    }),
  )
  return keys.map(({ accountId, id }) => loaded.get(accountId)?.get(id) ?? null)
}

type Loaded = PaymentLink | null | Error

type PagesOutcome =
  | { readonly kind: 'complete' }
  /** A page is missing: what it would have brought is asked singly. */
  | { readonly kind: 'incomplete' }
  /** Asking on is of no use: there is no such account, or the upstream fails. */
  | { readonly kind: 'answered'; readonly answer: Error | null }

/** One account's links in one request. */
class AccountLinks {
  readonly list: ListReader<PaymentLink>
  readonly #known = new Map<string, PaymentLink>()
  readonly #api

  constructor(
    private readonly scope: RequestScope,
    private readonly accountId: string,
  ) {
    this.#api = scope.app.get(createPaymentLinkApi)
    this.list = new ListReader<PaymentLink>(
      {
        fetch: (page) => this.#api.list(scope, accountId, page),
        onPage: (page) => this.#keep(page),
      },
      scope.app.get(createListHintBook).of(scope, `account/${accountId}/payment-links`),
    )
  }

  /** Follows the batch plan until every id is answered; a failure is the answer of the ids it concerns, of no others. */
  async loadMany(ids: readonly string[]): Promise<ReadonlyMap<string, Loaded>> {
    await this.list.idle()
    const answers = new Map<string, Loaded>()
    for (let probes = 0, sweeps = 0; ; ) {
      this.#answerKnown(ids, answers)
      const missing = ids.filter((id) => !answers.has(id))
      const unread = this.list.unreadPages(missing.length)
      const step = nextStep({
        wanted: ids.length,
        missing: missing.length,
        unreadPages: unread?.length,
        probes,
        sweeps,
      })
      if (step.kind === 'done') return answers
      if (step.kind === 'singles') return this.#loadSingly(missing, answers)
      if (step.kind === 'next-page') probes += 1
      else sweeps += 1
      const numbers = step.kind === 'next-page' ? [this.list.nextPage] : (unread ?? [])
      const outcome = await this.#readPages(numbers)
      if (outcome.kind === 'answered') return answerAll(missing, outcome.answer, answers)
      if (outcome.kind === 'incomplete') {
        this.#answerKnown(ids, answers)
        return this.#loadSingly(
          ids.filter((id) => !answers.has(id)),
          answers,
        )
      }
    }
  }

  #answerKnown(ids: readonly string[], answers: Map<string, Loaded>): void {
    for (const id of ids) {
      const link = this.#known.get(id)
      if (link) answers.set(id, link)
    }
  }

  async #readPages(numbers: readonly number[]): Promise<PagesOutcome> {
    const size = this.list.largePageSize
    const results = await Promise.allSettled(numbers.map((number) => this.list.page(number, size)))
    const failures = results.filter((result) => result.status === 'rejected').map((result) => toError(result.reason))
    const [failure] = failures
    if (failure === undefined) return { kind: 'complete' }
    if (isNotFound(failure)) return { kind: 'answered', answer: null }
    const isHopeless = failures.length === results.length && codeOf(failure) !== 'UPSTREAM_MALFORMED'
    return isHopeless ? { kind: 'answered', answer: failure } : { kind: 'incomplete' }
  }

  async #loadSingly(ids: readonly string[], answers: Map<string, Loaded>): Promise<ReadonlyMap<string, Loaded>> {
    await Promise.all(
      ids.map(async (id) => {
        try {
          const { link } = await this.#api.show(this.scope, { accountId: this.accountId, id })
          this.#remember(link)
          answers.set(id, link)
        } catch (error) {
          answers.set(id, isNotFound(error) ? null : toError(error))
        }
      }),
    )
    return answers
  }

  #keep(page: Page<PaymentLink>): void {
    for (const { node } of page.rows) if (!(node instanceof Error)) this.#remember(node)
  }

  #remember(link: PaymentLink): void {
    this.#known.set(link.id, link)
    this.scope.get(accountBook).note(link.accountId, link.accountFacts, link.updatedAt)
  }
}

function answerAll(ids: readonly string[], answer: Error | null, answers: Map<string, Loaded>): Map<string, Loaded> {
  for (const id of ids) answers.set(id, answer)
  return answers
}

function isNotFound(error: unknown): boolean {
  return codeOf(error) === 'NOT_FOUND'
}

function codeOf(error: unknown): string | undefined {
  return error instanceof GatewayError ? error.code : undefined
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('a read failed', { cause: reason })
}

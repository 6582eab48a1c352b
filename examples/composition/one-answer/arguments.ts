import fc from 'fast-check'
import type { LinkKey } from '../orders.js'

/** What operations can refer to in the sandbox. */
export interface Stock {
  readonly accountIds: readonly string[]
  readonly keys: readonly LinkKey[]
  /** Cursors of rows of `accountIds[0]`. */
  readonly cursors: readonly string[]
}

export interface Choice {
  readonly choose: fc.GeneratorValue
  readonly stock: Stock
  /** The most rows a page may have; undefined for any number, including more than allowed. */
  readonly rowsMax: number | undefined
}

type Values = Readonly<Record<string, unknown>>

/** Values for the arguments of a field; undefined ones are omitted. */
export function chooseArguments(coordinate: string, choice: Choice): Values {
  const write = ARGUMENTS[coordinate]
  if (write === undefined) throw new Error(`${coordinate} has arguments; choose values for them in this file`)
  return write(choice)
}

const ARGUMENTS: Readonly<Record<string, (choice: Choice) => Values>> = {
  'Query.account': (choice) => ({ id: accountId(choice) }),
  'Query.accountsByIds': (choice) => ({ ids: listOf(choice, accountId) }),
  'Query.paymentLink': (choice) => ({ ...linkKey(choice) }),
  'Query.paymentLinksByKeys': (choice) => ({ keys: listOf(choice, linkKey) }),
  'Query.paymentLinks': (choice) => ({ accountId: accountId(choice), ...window(choice, choice.stock.cursors) }),
  'Account.paymentLinks': (choice) => window(choice, []),
  'Mutation.updatePaymentLink': (choice) => ({ input: refusedUpdate(choice) }),
}

/** Ids that are not well-formed or do not exist. */
const ODD_ACCOUNT_IDS = ['nope', '', '01hz7n9k3r0f2qw3x4y5z6v7ab', '01HZZZZZZZZZZZZZZZZZZZZZZZ']
const ODD_LINK_IDS = ['999999', '0', '007', 'nope', '12345678901234567890', '-1']

function accountId({ choose, stock }: Choice): string {
  return choose(oftenOf, stock.accountIds, ODD_ACCOUNT_IDS)
}

function linkKey({ choose, stock }: Choice): LinkKey {
  const key = choose(oneOf, stock.keys)
  return choose(
    oftenOf,
    [key],
    [
      { ...key, accountId: choose(oneOf, ODD_ACCOUNT_IDS) },
      { ...key, id: choose(oneOf, ODD_LINK_IDS) },
    ],
  )
}

function listOf<T>(choice: Choice, item: (choice: Choice) => T): T[] {
  return Array.from({ length: choice.choose(fc.integer, { min: 0, max: 4 }) }, () => item(choice))
}

/** Cursors belong to the first account only. In nested pages they would cost more than a request may. */
function window({ choose, rowsMax }: Choice, cursors: readonly string[]): Values {
  const isWide = rowsMax === undefined
  const rows = isWide ? choose(oftenOf, [1, 2, 25, 30, 100], [0, -1, 101]) : choose(oftenOf, [1, rowsMax], [0, -1])
  const first = isWide ? choose(oftenOf, [rows], [undefined, null]) : rows
  const cursor = cursors.length > 0 ? choose(oftenOf, cursors, ['nonsense', '', null]) : undefined
  return choose(oneOf, [
    { first },
    { last: rows },
    { first, offset: choose(oftenOf, [0, 1, 7, 46, 199], [-1, 200, 100_000, null]) },
    { first, after: cursor },
    { last: rows, before: cursor },
    choose(oneOf, [
      { first: rows, last: rows },
      { last: rows, offset: 1 },
    ]),
  ])
}

/** No link has this version, so nothing is ever written, and repeating the operation gives the same response. */
function refusedUpdate(choice: Choice): Values {
  const { choose } = choice
  const maybe = <T>(values: readonly T[]): T | undefined => choose(oftenOf, [undefined], values)
  return {
    ...linkKey(choice),
    expectedVersion: 'no link has this',
    maxUsage: maybe([0, 5, 2_000_000, null]),
    status: maybe(['OPEN', 'CLOSED', null]),
    requiredCustomerDetail: maybe([true, null]),
    expiredAt: maybe(['2030-01-01T00:00:00+07:00', null]),
    whitelistedPaymentMethod: maybe([['QRIS'], [], ['NOT_A_METHOD'], null]),
    redirectUrl: maybe(['https://shop.example/thanks', 'nope', null]),
    optionalMetadata: maybe([{ invoice: 'INV-1', lines: [1, 2.5, null] }, {}, null]),
    expectedUpdatedAt: maybe(['2020-01-01T00:00:00.000Z']),
  }
}

function oneOf<T>(values: readonly T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...values)
}

/** Mostly one of the first list, sometimes one of the others. */
function oftenOf<T>(values: readonly T[], others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 4, arbitrary: oneOf(values) }, { weight: 1, arbitrary: oneOf(others) })
}

/** An order of a shop. It knows its payment link and its account by key only. */
export interface Order {
  readonly id: string
  readonly total: string
  /** Null for an order paid at the counter. */
  readonly paymentLink: LinkKey | null
  readonly account: AccountKey
}

export interface LinkKey {
  readonly accountId: string
  readonly id: string
}

export interface AccountKey {
  readonly id: string
}

/** Resolvers for both ways to compose. They find the orders of a link or an account by its key. */
export function orderResolvers(orders: readonly Order[]) {
  return {
    Query: {
      orders: (_: unknown, { ids }: { readonly ids: readonly string[] }) => findOrders(orders, ids),
    },
    PaymentLink: {
      orders: ({ accountId, id }: LinkKey) =>
        orders.filter(({ paymentLink }) => paymentLink?.accountId === accountId && paymentLink.id === id),
    },
    Account: {
      orders: ({ id }: AccountKey) => orders.filter(({ account }) => account.id === id),
    },
  }
}

export function findOrders(orders: readonly Order[], ids: readonly string[]): (Order | null)[] {
  return ids.map((id) => orders.find((order) => order.id === id) ?? null)
}

import { stitchingDirectives } from '@graphql-tools/stitching-directives'
import { type AccountKey, type LinkKey, type Order, orderResolvers } from './orders.js'
import { type Service, serve } from './serve.js'

const typeDefs = `
  ${stitchingDirectives().stitchingDirectivesTypeDefs}

  type Query {
    orders(ids: [ID!]!): [Order]!
    orderedLinks(keys: [OrderedLinkKey!]!): [PaymentLink!]! @merge(keyArg: "keys")
    orderingAccounts(ids: [ID!]!): [Account!]! @merge(keyField: "id")
    _sdl: String!
  }

  type Order {
    id: ID!
    total: String!
    paymentLink: PaymentLink
    account: Account!
  }

  # The gateway's types: their keys, and the fields that orders add.
  type PaymentLink @key(selectionSet: "{ accountId id }") {
    accountId: ID!
    id: ID!
    orders: [Order!]!
  }

  type Account @key(selectionSet: "{ id }") {
    id: ID!
    orders: [Order!]!
  }

  input OrderedLinkKey {
    accountId: ID!
    id: ID!
  }
`

/** The orders as a schema for stitching: a list of keys returns links and accounts with the fields that orders add. */
export function startOrdersSubschema(orders: readonly Order[]): Promise<Service> {
  const shared = orderResolvers(orders)
  const resolvers = {
    ...shared,
    Query: {
      ...shared.Query,
      orderedLinks: (_: unknown, { keys }: { readonly keys: readonly LinkKey[] }) => keys,
      orderingAccounts: (_: unknown, { ids }: { readonly ids: readonly string[] }): AccountKey[] =>
        ids.map((id) => ({ id })),
      _sdl: () => typeDefs,
    },
  }
  return serve({ typeDefs, resolvers })
}

import { buildSubgraphSchema } from '@apollo/subgraph'
import { parse } from 'graphql'
import { findOrders, type Order, orderResolvers } from './orders.js'
import { type Service, serve } from './serve.js'

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])

  type Query {
    orders(ids: [ID!]!): [Order]!
  }

  type Order @key(fields: "id") {
    id: ID!
    total: String!
    paymentLink: PaymentLink
    account: Account!
  }

  # The gateway's types: their keys, and the fields that orders add.
  type PaymentLink @key(fields: "accountId id") {
    accountId: ID!
    id: ID!
    orders: [Order!]!
  }

  type Account @key(fields: "id") {
    id: ID!
    orders: [Order!]!
  }
`)

/** The orders as a Federation 2 subgraph. */
export function startOrdersSubgraph(orders: readonly Order[]): Promise<Service> {
  const resolvers = {
    ...orderResolvers(orders),
    Order: { __resolveReference: ({ id }: Pick<Order, 'id'>) => findOrders(orders, [id])[0] },
  }
  return serve({ schema: buildSubgraphSchema({ typeDefs, resolvers }) })
}

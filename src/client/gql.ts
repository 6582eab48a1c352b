/* eslint-disable */
import * as types from './graphql.js';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "fragment AccountFields on Account {\n  id\n  name\n  email\n  phone\n  status\n}\n\nquery Account($id: ID!, $first: Int) {\n  account(id: $id) {\n    ...AccountFields\n    paymentLinks(first: $first) {\n      totalCount\n      nodes {\n        id\n        title\n        status\n        totalAmount\n        currency\n      }\n    }\n  }\n}\n\nquery AccountsByIds($ids: [ID!]!, $first: Int) {\n  accountsByIds(ids: $ids) {\n    ...AccountFields\n    paymentLinks(first: $first) {\n      totalCount\n      nodes {\n        id\n        title\n        status\n        totalAmount\n        currency\n      }\n    }\n  }\n}": typeof types.AccountFieldsFragmentDoc,
    "query PaymentLink($accountId: ID!, $id: ID!) {\n  paymentLink(accountId: $accountId, id: $id) {\n    ...PaymentLinkFields\n    account {\n      ...AccountFields\n    }\n  }\n}\n\nquery PaymentLinksByKeys($keys: [PaymentLinkKey!]!) {\n  paymentLinksByKeys(keys: $keys) {\n    ...PaymentLinkFields\n  }\n}": typeof types.PaymentLinkDocument,
    "fragment PaymentLinkFields on PaymentLink {\n  id\n  accountId\n  reffNo\n  title\n  paymentUrl\n  status\n  statusComputed\n  isExpired\n  requiredCustomerDetail\n  maxUsage\n  currentUsage\n  hasPayments\n  expiredAt\n  totalAmount\n  currency\n  items {\n    name\n    quantity\n    unitPrice\n    subtotal\n  }\n  whitelistedPaymentMethod\n  redirectUrl\n  optionalMetadata\n  paymentDate\n  createdAt\n  updatedAt\n  version\n}\n\nquery PaymentLinks($accountId: ID!, $first: Int, $after: String, $last: Int, $before: String, $offset: Int) {\n  paymentLinks(\n    accountId: $accountId\n    first: $first\n    after: $after\n    last: $last\n    before: $before\n    offset: $offset\n  ) {\n    totalCount\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n    edges {\n      cursor\n      node {\n        ...PaymentLinkFields\n      }\n    }\n  }\n}": typeof types.PaymentLinkFieldsFragmentDoc,
    "mutation UpdatePaymentLink($input: UpdatePaymentLinkInput!) {\n  updatePaymentLink(input: $input) {\n    paymentLink {\n      ...PaymentLinkFields\n    }\n    userErrors {\n      code\n      field\n      message\n    }\n  }\n}": typeof types.UpdatePaymentLinkDocument,
};
const documents: Documents = {
    "fragment AccountFields on Account {\n  id\n  name\n  email\n  phone\n  status\n}\n\nquery Account($id: ID!, $first: Int) {\n  account(id: $id) {\n    ...AccountFields\n    paymentLinks(first: $first) {\n      totalCount\n      nodes {\n        id\n        title\n        status\n        totalAmount\n        currency\n      }\n    }\n  }\n}\n\nquery AccountsByIds($ids: [ID!]!, $first: Int) {\n  accountsByIds(ids: $ids) {\n    ...AccountFields\n    paymentLinks(first: $first) {\n      totalCount\n      nodes {\n        id\n        title\n        status\n        totalAmount\n        currency\n      }\n    }\n  }\n}": types.AccountFieldsFragmentDoc,
    "query PaymentLink($accountId: ID!, $id: ID!) {\n  paymentLink(accountId: $accountId, id: $id) {\n    ...PaymentLinkFields\n    account {\n      ...AccountFields\n    }\n  }\n}\n\nquery PaymentLinksByKeys($keys: [PaymentLinkKey!]!) {\n  paymentLinksByKeys(keys: $keys) {\n    ...PaymentLinkFields\n  }\n}": types.PaymentLinkDocument,
    "fragment PaymentLinkFields on PaymentLink {\n  id\n  accountId\n  reffNo\n  title\n  paymentUrl\n  status\n  statusComputed\n  isExpired\n  requiredCustomerDetail\n  maxUsage\n  currentUsage\n  hasPayments\n  expiredAt\n  totalAmount\n  currency\n  items {\n    name\n    quantity\n    unitPrice\n    subtotal\n  }\n  whitelistedPaymentMethod\n  redirectUrl\n  optionalMetadata\n  paymentDate\n  createdAt\n  updatedAt\n  version\n}\n\nquery PaymentLinks($accountId: ID!, $first: Int, $after: String, $last: Int, $before: String, $offset: Int) {\n  paymentLinks(\n    accountId: $accountId\n    first: $first\n    after: $after\n    last: $last\n    before: $before\n    offset: $offset\n  ) {\n    totalCount\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n    edges {\n      cursor\n      node {\n        ...PaymentLinkFields\n      }\n    }\n  }\n}": types.PaymentLinkFieldsFragmentDoc,
    "mutation UpdatePaymentLink($input: UpdatePaymentLinkInput!) {\n  updatePaymentLink(input: $input) {\n    paymentLink {\n      ...PaymentLinkFields\n    }\n    userErrors {\n      code\n      field\n      message\n    }\n  }\n}": types.UpdatePaymentLinkDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment AccountFields on Account {\n  id\n  name\n  email\n  phone\n  status\n}\n\nquery Account($id: ID!, $first: Int) {\n  account(id: $id) {\n    ...AccountFields\n    paymentLinks(first: $first) {\n      totalCount\n      nodes {\n        id\n        title\n        status\n        totalAmount\n        currency\n      }\n    }\n  }\n}\n\nquery AccountsByIds($ids: [ID!]!, $first: Int) {\n  accountsByIds(ids: $ids) {\n    ...AccountFields\n    paymentLinks(first: $first) {\n      totalCount\n      nodes {\n        id\n        title\n        status\n        totalAmount\n        currency\n      }\n    }\n  }\n}"): (typeof documents)["fragment AccountFields on Account {\n  id\n  name\n  email\n  phone\n  status\n}\n\nquery Account($id: ID!, $first: Int) {\n  account(id: $id) {\n    ...AccountFields\n    paymentLinks(first: $first) {\n      totalCount\n      nodes {\n        id\n        title\n        status\n        totalAmount\n        currency\n      }\n    }\n  }\n}\n\nquery AccountsByIds($ids: [ID!]!, $first: Int) {\n  accountsByIds(ids: $ids) {\n    ...AccountFields\n    paymentLinks(first: $first) {\n      totalCount\n      nodes {\n        id\n        title\n        status\n        totalAmount\n        currency\n      }\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query PaymentLink($accountId: ID!, $id: ID!) {\n  paymentLink(accountId: $accountId, id: $id) {\n    ...PaymentLinkFields\n    account {\n      ...AccountFields\n    }\n  }\n}\n\nquery PaymentLinksByKeys($keys: [PaymentLinkKey!]!) {\n  paymentLinksByKeys(keys: $keys) {\n    ...PaymentLinkFields\n  }\n}"): (typeof documents)["query PaymentLink($accountId: ID!, $id: ID!) {\n  paymentLink(accountId: $accountId, id: $id) {\n    ...PaymentLinkFields\n    account {\n      ...AccountFields\n    }\n  }\n}\n\nquery PaymentLinksByKeys($keys: [PaymentLinkKey!]!) {\n  paymentLinksByKeys(keys: $keys) {\n    ...PaymentLinkFields\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment PaymentLinkFields on PaymentLink {\n  id\n  accountId\n  reffNo\n  title\n  paymentUrl\n  status\n  statusComputed\n  isExpired\n  requiredCustomerDetail\n  maxUsage\n  currentUsage\n  hasPayments\n  expiredAt\n  totalAmount\n  currency\n  items {\n    name\n    quantity\n    unitPrice\n    subtotal\n  }\n  whitelistedPaymentMethod\n  redirectUrl\n  optionalMetadata\n  paymentDate\n  createdAt\n  updatedAt\n  version\n}\n\nquery PaymentLinks($accountId: ID!, $first: Int, $after: String, $last: Int, $before: String, $offset: Int) {\n  paymentLinks(\n    accountId: $accountId\n    first: $first\n    after: $after\n    last: $last\n    before: $before\n    offset: $offset\n  ) {\n    totalCount\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n    edges {\n      cursor\n      node {\n        ...PaymentLinkFields\n      }\n    }\n  }\n}"): (typeof documents)["fragment PaymentLinkFields on PaymentLink {\n  id\n  accountId\n  reffNo\n  title\n  paymentUrl\n  status\n  statusComputed\n  isExpired\n  requiredCustomerDetail\n  maxUsage\n  currentUsage\n  hasPayments\n  expiredAt\n  totalAmount\n  currency\n  items {\n    name\n    quantity\n    unitPrice\n    subtotal\n  }\n  whitelistedPaymentMethod\n  redirectUrl\n  optionalMetadata\n  paymentDate\n  createdAt\n  updatedAt\n  version\n}\n\nquery PaymentLinks($accountId: ID!, $first: Int, $after: String, $last: Int, $before: String, $offset: Int) {\n  paymentLinks(\n    accountId: $accountId\n    first: $first\n    after: $after\n    last: $last\n    before: $before\n    offset: $offset\n  ) {\n    totalCount\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n    edges {\n      cursor\n      node {\n        ...PaymentLinkFields\n      }\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpdatePaymentLink($input: UpdatePaymentLinkInput!) {\n  updatePaymentLink(input: $input) {\n    paymentLink {\n      ...PaymentLinkFields\n    }\n    userErrors {\n      code\n      field\n      message\n    }\n  }\n}"): (typeof documents)["mutation UpdatePaymentLink($input: UpdatePaymentLinkInput!) {\n  updatePaymentLink(input: $input) {\n    paymentLink {\n      ...PaymentLinkFields\n    }\n    userErrors {\n      code\n      field\n      message\n    }\n  }\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;
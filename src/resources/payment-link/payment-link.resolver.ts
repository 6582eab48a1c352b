import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Query, Resolver, Root } from 'type-graphql'
import type { SelectedFields } from '../../admission/field-cost.js'
import { loadByKeyList } from '../../graphql/batch/key-list.js'
import { type Connection, readConnection } from '../../graphql/connection/connection.js'
import { ConnectionArgs } from '../../graphql/connection/connection.type.js'
import { JSONObjectScalar } from '../../graphql/scalars.js'
import type { RequestScope } from '../../graphql/scope.js'
import { Selected } from '../../graphql/selected.js'
import type { Readable } from '../../kernel/unreadable.js'
import { parseAccountId } from '../account-facts/account-id.js'
import { type LinkKey, parseLinkKey } from './payment-link.keys.js'
import { type JsonObject, type PaymentLink, versionOf } from './payment-link.model.js'
import { PaymentLinkConnectionType, PaymentLinkType } from './payment-link.type.js'
import { linkList, paymentLinkLoaders } from './read/payment-link.loader.js'

@InputType('PaymentLinkKey', { description: 'Identifies one payment link.' })
class PaymentLinkKeyInput implements LinkKey {
  @Field(() => ID, { description: 'ULID of the account that owns the link.' })
  accountId!: string

  @Field(() => ID, { description: "The link's numeric id, as text." })
  id!: string
}

@Resolver(() => PaymentLinkType)
export class PaymentLinkResolver {
  @Query(() => PaymentLinkConnectionType, {
    nullable: true,
    description:
      "Links of one account in the upstream's order (as observed, newest first). first and last take 1 to 100, default first: 25; offset skips rows and can be combined with first only.",
  })
  paymentLinks(
    @Arg('accountId', () => ID, { description: 'ULID of the account.' }) accountId: string,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() scope: RequestScope,
  ): Promise<Connection<PaymentLink>> {
    return readConnection(scope, linkList(scope, parseAccountId(accountId)), args)
  }

  @Query(() => PaymentLinkType, { nullable: true, description: 'One link, or null when the account has no such link.' })
  paymentLink(
    @Arg('accountId', () => ID, { description: 'ULID of the account that owns the link.' }) accountId: string,
    @Arg('id', () => ID, { description: "The link's numeric id, as text." }) id: string,
    @Ctx() scope: RequestScope,
    @Selected() selected: SelectedFields,
  ): Promise<PaymentLink | null> {
    return loadByKey(scope, { accountId, id }, selected)
  }

  @Query(() => [PaymentLinkType], {
    nullable: 'items',
    description: 'Up to 100 links by key, in the order of the keys; null for one that does not exist.',
  })
  paymentLinksByKeys(
    @Arg('keys', () => [PaymentLinkKeyInput], { description: 'The links to read, at most 100.' }) keys: LinkKey[],
    @Ctx() scope: RequestScope,
    @Selected() selected: SelectedFields,
  ): Promise<(PaymentLink | null | Error)[]> {
    return loadByKeyList(scope, keys, (key) => loadByKey(scope, key, selected))
  }

  @FieldResolver(() => String, {
    description:
      'For expectedVersion. Changes when status, maxUsage, requiredCustomerDetail, expiredAt, whitelistedPaymentMethod or redirectUrl changes.',
  })
  version(@Root() link: PaymentLink): string {
    return versionOf(link)
  }

  /** Not async: a promise for each row makes a page 50 % slower. */
  @FieldResolver(() => JSONObjectScalar, { nullable: true })
  optionalMetadata(
    @Root() link: PaymentLink,
    @Ctx() scope: RequestScope,
  ): Readable<JsonObject | null> | Promise<Readable<JsonObject | null>> {
    return link.optionalMetadata === undefined ? lookUpMetadata(scope, link) : link.optionalMetadata
  }
}

function loadByKey(scope: RequestScope, key: LinkKey, selected: SelectedFields): Promise<PaymentLink | null> {
  return scope.get(paymentLinkLoaders).load(parseLinkKey(key), selected)
}

async function lookUpMetadata(scope: RequestScope, link: PaymentLink): Promise<Readable<JsonObject | null>> {
  const { optionalMetadata } = await scope.get(paymentLinkLoaders).lookUp(link)
  return optionalMetadata ?? null
}

import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { type Connection, readConnection } from '../../graphql/connection/connection.js'
import { ConnectionArgs } from '../../graphql/connection/connection.type.js'
import type { RequestScope } from '../../graphql/scope.js'
import { accountBook } from '../account-facts/account-facts.book.js'
import type { Account } from '../account-facts/account-facts.model.js'
import type { PaymentLink } from '../payment-link/payment-link.model.js'
import { PaymentLinkConnectionType, PaymentLinkType } from '../payment-link/payment-link.type.js'
import { linkList } from '../payment-link/read/payment-link.loader.js'
import { AccountType } from './account.type.js'

@Resolver(() => AccountType)
export class AccountPaymentLinksResolver {
  @FieldResolver(() => PaymentLinkConnectionType, {
    nullable: true,
    description: 'Links of this account, with the same arguments as the query `paymentLinks`.',
  })
  paymentLinks(
    @Root() account: Account,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() scope: RequestScope,
  ): Promise<Connection<PaymentLink>> {
    return readConnection(scope, linkList(scope, account.id), args)
  }
}

/** Accounts are read through their links, so this resource depends on payment links and adds its field to them. */
@Resolver(() => PaymentLinkType)
export class PaymentLinkAccountResolver {
  @FieldResolver(() => AccountType, {
    description: 'The account that owns the link. Its id alone costs nothing.',
  })
  account(@Root() link: PaymentLink, @Ctx() scope: RequestScope): Account {
    return scope.get(accountBook).read(link.accountId)
  }
}

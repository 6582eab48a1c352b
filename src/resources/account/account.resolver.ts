import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { loadByKeyList } from '../../graphql/batch/key-list.js'
import type { RequestScope } from '../../graphql/scope.js'
import type { Readable } from '../../kernel/unreadable.js'
import { accountBook } from '../account-facts/account-facts.book.js'
import type { Account, AccountFacts } from '../account-facts/account-facts.model.js'
import { parseAccountId } from '../account-facts/account-id.js'
import { accountLoader } from './account.loader.js'
import { AccountStatusEnum, AccountType } from './account.type.js'

@Resolver(() => AccountType)
export class AccountResolver {
  @Query(() => AccountType, { nullable: true, description: 'One account, or null when it does not exist.' })
  account(
    @Arg('id', () => ID, { description: 'ULID of the account.' }) id: string,
    @Ctx() scope: RequestScope,
  ): Promise<Account | null> {
    return scope.get(accountLoader).load(parseAccountId(id))
  }

  @Query(() => [AccountType], {
    nullable: 'items',
    description: 'Up to 100 accounts by id, in the order of the ids; null for one that does not exist.',
  })
  accountsByIds(
    @Arg('ids', () => [ID], { description: 'ULIDs of the accounts, at most 100.' }) ids: string[],
    @Ctx() scope: RequestScope,
  ): Promise<(Account | null | Error)[]> {
    return loadByKeyList(scope, ids, (id) => scope.get(accountLoader).load(parseAccountId(id)))
  }

  @FieldResolver(() => String, { nullable: true })
  name(@Root() account: Account, @Ctx() scope: RequestScope): Promise<Readable<string | null>> {
    return factOf(scope, account.id, 'name')
  }

  @FieldResolver(() => String, { nullable: true })
  email(@Root() account: Account, @Ctx() scope: RequestScope): Promise<Readable<string | null>> {
    return factOf(scope, account.id, 'email')
  }

  @FieldResolver(() => String, { nullable: true })
  phone(@Root() account: Account, @Ctx() scope: RequestScope): Promise<Readable<string | null>> {
    return factOf(scope, account.id, 'phone')
  }

  @FieldResolver(() => AccountStatusEnum, { nullable: true })
  status(@Root() account: Account, @Ctx() scope: RequestScope): Promise<Account['status'] | null> {
    return factOf(scope, account.id, 'status')
  }
}

/** From the rows read so far; if none carries the fact, one page of the account's links is read. */
async function factOf<Name extends keyof AccountFacts>(
  scope: RequestScope,
  accountId: string,
  name: Name,
): Promise<NonNullable<AccountFacts[Name]> | null> {
  const book = scope.get(accountBook)
  if (book.read(accountId)[name] === undefined) await scope.get(accountLoader).load(accountId)
  return book.read(accountId)[name] ?? null
}

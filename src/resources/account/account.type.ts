import { Directive, Field, ID, ObjectType } from 'type-graphql'
import { createEnumType } from '../../graphql/enum-type.js'
import type { AccountStatus } from '../account-facts/account-facts.model.js'

export const AccountStatusEnum = createEnumType<AccountStatus>(
  'AccountStatus',
  'Whether an account may be used, as stored by the upstream (`account.status`).',
  {
    ACTIVE: 'The account takes payments.',
    INACTIVE: 'The account was deactivated.',
    PENDING: 'The account is waiting for approval.',
    REJECTED: 'Approval was refused.',
    UNKNOWN: 'A value that this version of the gateway does not know.',
  },
)

@Directive('@key(fields: "id")')
@ObjectType('Account', {
  description:
    'A merchant account that owns payment links. Everything but its id comes from link rows: an account without links has only its id.',
  simpleResolvers: true,
})
export class AccountType {
  @Field(() => ID, { description: 'ULID of the account, 26 characters in upper case.' })
  id!: string

  @Field(() => String, {
    nullable: true,
    description: 'Name of the account (`account.name`); null when no link row carries it.',
  })
  name!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'E-mail address of the account (`account.email`); null when it is empty or no link row carries it.',
  })
  email!: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'Phone number of the account as text (`account.phone`); null when it is empty or no link row carries it.',
  })
  phone!: string | null

  @Field(() => AccountStatusEnum, {
    nullable: true,
    description: 'Whether the account may be used (`account.status`); null when no link row carries it.',
  })
  status!: AccountStatus | null
}

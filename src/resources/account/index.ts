import type { Resource } from '../../graphql/build-schema.js'
import { AccountResolver } from './account.resolver.js'

export const account: Resource = { name: 'account', resolvers: [AccountResolver] }

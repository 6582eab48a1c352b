import type { Resource } from '../graphql/build-schema.js'
import { account } from './account/index.js'
import { paymentLink } from './payment-link/index.js'

/** Everything the gateway serves: one line a resource. */
export const resources: readonly Resource[] = [account, paymentLink]

import type { Resource } from '../graphql/schema/build-schema.js'
import type { SandboxResource } from '../sandbox/routes.js'
import { account } from './account/index.js'
import { paymentLink } from './payment-link/index.js'
import { paymentLinkSandbox } from './payment-link/payment-link.sandbox.js'

/** Everything the gateway serves: one line a resource. */
export const resources: readonly Resource[] = [account, paymentLink]

/** What the embedded sandbox serves of the upstream for them. */
export const sandboxResources: readonly SandboxResource[] = [paymentLinkSandbox]

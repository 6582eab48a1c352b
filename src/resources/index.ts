import type { Resource } from '../graphql/schema/build-schema.js'
import type { SandboxResource } from '../sandbox/resource.js'
import { account } from './account/index.js'
import { paymentLink } from './payment-link/index.js'
import { paymentLinkSandbox } from './payment-link/sandbox/index.js'

/** Everything the gateway serves, one entry per resource. */
export const resources: readonly Resource[] = [account, paymentLink]

/** The simulators of their upstream routes, one entry per resource. */
export const sandboxResources = [paymentLinkSandbox] as const satisfies readonly SandboxResource[]

import type { Resource } from '../graphql/schema/build-schema.js'
import type { SandboxResource } from '../sandbox/resource.js'
import { account } from './account/index.js'
import { paymentLink } from './payment-link/index.js'
import { paymentLinkSandbox } from './payment-link/sandbox/index.js'

/** Everything the gateway serves: one line a resource. */
export const resources: readonly Resource[] = [account, paymentLink]

/** What the sandbox imitates of the upstream for them: one line a resource. */
export const sandboxResources = [paymentLinkSandbox] as const satisfies readonly SandboxResource[]

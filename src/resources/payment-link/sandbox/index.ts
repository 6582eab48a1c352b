import type { SandboxResource } from '../../../sandbox/resource.js'
import { LINK_SWITCHES, type LinkBehaviour } from './behaviour.js'
import { type LinkControls, linkControlRoutes, linkControls } from './controls.js'
import { LinkStore, type NewLink } from './records.js'
import { linkRoutes } from './routes.js'
import { believableLinks } from './seed.js'

type LinkSeed = { readonly links: readonly NewLink[] }

/** The payment-link part of the API v1.0, as docs/sandbox.md describes it. */
export const paymentLinkSandbox: SandboxResource<LinkBehaviour, LinkSeed, LinkControls> = {
  switches: LINK_SWITCHES,
  seed: (nowMs) => ({ links: believableLinks(nowMs) }),
  start: (context, { links = [] }) => {
    const store = new LinkStore(context, links)
    const controls = linkControls(store)
    return { routes: linkRoutes({ ...context, store }), controls, controlRoutes: linkControlRoutes(controls) }
  },
}

import { buildStale, GATEWAY, PAGE } from '../../scripts/build.mjs'

/** Once, before any test: whatever starts the gateway finds it built, and no two tests build it into the same folder. */
export async function setup() {
  const code = await buildStale(GATEWAY, PAGE)
  if (code !== 0) throw new Error('The gateway cannot be built; see above.')
}

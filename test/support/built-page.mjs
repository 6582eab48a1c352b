import { buildStale, PAGE } from '../../scripts/build.mjs'

/** Once, before any test: whatever starts the gateway has its page, and no two tests build it into the same folder. */
export async function setup() {
  const code = await buildStale(PAGE)
  if (code !== 0) throw new Error('The GraphiQL page cannot be built; see above.')
}

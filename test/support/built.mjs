import { buildStale, GATEWAY, PAGE } from '../../scripts/build.mjs'

/** Builds the gateway once, before any test: tests that start it find it built, and no two build into the same folder. */
export async function setup() {
  const code = await buildStale(GATEWAY, PAGE)
  if (code !== 0) throw new Error('The gateway does not build. The compiler output is above.')
}

import type { SubschemaConfig } from '@graphql-tools/delegate'
import { stitchSchemas } from '@graphql-tools/stitch'
import { stitchingDirectives } from '@graphql-tools/stitching-directives'
import { buildSchema, type GraphQLSchema } from 'graphql'
import { createHttpExecutor, post } from './http-executor.js'
import { type Service, serve } from './serve.js'

/** A gateway that stitches what these endpoints serve; with `batch` it asks each of them all that it wants at a time at once. */
export async function startStitchedGateway(urls: readonly string[], batch = false): Promise<Service> {
  return serve({ schema: await stitch(urls, batch) })
}

/** Each endpoint tells in `_sdl` its schema and, by directives, how its types are read by key. */
async function stitch(urls: readonly string[], batch: boolean): Promise<GraphQLSchema> {
  const { stitchingDirectivesTransformer } = stitchingDirectives()
  const subschemas = urls.map(async (url) => {
    const { data } = await post<{ _sdl: string }>(url, { query: '{ _sdl }' })
    if (data == null) throw new Error(`${url} does not tell its schema`)
    const executor = createHttpExecutor(url, ({ context }) => context?.headers)
    return { schema: buildSchema(data._sdl), executor, batch }
  })
  return stitchSchemas({
    subschemas: await Promise.all(subschemas),
    subschemaConfigTransforms: [stitchingDirectivesTransformer, inHundreds],
  })
}

/** The longest key list that the gateway takes (`MAX_KEYS`). */
function inHundreds(subschema: SubschemaConfig): SubschemaConfig {
  for (const merged of Object.values(subschema.merge ?? {})) merged.dataLoaderOptions = { maxBatchSize: 100 }
  return subschema
}

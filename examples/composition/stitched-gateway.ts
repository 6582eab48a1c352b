import type { SubschemaConfig } from '@graphql-tools/delegate'
import { stitchSchemas } from '@graphql-tools/stitch'
import { stitchingDirectives } from '@graphql-tools/stitching-directives'
import { buildSchema, type GraphQLSchema } from 'graphql'
import { createHttpExecutor, post } from './http-executor.js'
import { type Service, serve } from './serve.js'

/** A gateway that stitches the schemas of these endpoints. With `batch` it sends all that a tick needs of one endpoint in one request. */
export async function startStitchedGateway(urls: readonly string[], batch = false): Promise<Service> {
  return serve({ schema: await stitch(urls, batch) })
}

/** Each endpoint returns its schema in `_sdl`, with directives that say how its types are read by key. */
async function stitch(urls: readonly string[], batch: boolean): Promise<GraphQLSchema> {
  const { stitchingDirectivesTransformer } = stitchingDirectives()
  const subschemas = urls.map(async (url) => {
    const { data } = await post<{ _sdl: string }>(url, { query: '{ _sdl }' })
    if (data == null) throw new Error(`${url} returned no schema`)
    const executor = createHttpExecutor(url, ({ context }) => context?.headers)
    return { schema: buildSchema(data._sdl), executor, batch }
  })
  return stitchSchemas({
    subschemas: await Promise.all(subschemas),
    subschemaConfigTransforms: [stitchingDirectivesTransformer, inHundreds],
  })
}

/** Splits key lists at the most that the gateway accepts (`MAX_KEYS`). */
function inHundreds(subschema: SubschemaConfig): SubschemaConfig {
  for (const merged of Object.values(subschema.merge ?? {})) merged.dataLoaderOptions = { maxBatchSize: 100 }
  return subschema
}

// `npm run schema`: writes the SDL of the schema, the subgraph and the stitchable schema. Needs a build.
import { writeFileSync } from 'node:fs'
import { stitchingSdl } from '../dist/graphql/federation/stitching-sdl.js'
import { printSubgraph } from '../dist/graphql/federation/subgraph.js'
import { buildGatewaySchema, printGatewaySchema } from '../dist/graphql/schema/build-schema.js'
import { resources } from '../dist/resources/index.js'

const schema = buildGatewaySchema(resources)
write('schema.graphql', printGatewaySchema(schema))
write('subgraph.graphql', printSubgraph(schema, resources))
const entities = resources.flatMap((resource) => resource.entities ?? [])
write('stitching.graphql', stitchingSdl(schema, entities))

function write(name, text) {
  writeFileSync(new URL(`../schema/${name}`, import.meta.url), text)
}

// `npm run schema`: writes the schema and the subgraph as text. Needs a build.
import { writeFileSync } from 'node:fs'
import { buildGatewaySchema, printGatewaySchema } from '../dist/graphql/build-schema.js'
import { printSubgraph } from '../dist/graphql/subgraph.js'
import { resources } from '../dist/resources/index.js'

const schema = buildGatewaySchema(resources)
write('schema.graphql', printGatewaySchema(schema))
write('subgraph.graphql', printSubgraph(schema, resources))

function write(name, text) {
  writeFileSync(new URL(`../schema/${name}`, import.meta.url), text)
}

// `npm run schema`: writes the schema as text. Needs a build.
import { writeFileSync } from 'node:fs'
import { buildGatewaySchema, printGatewaySchema } from '../dist/graphql/build-schema.js'
import { resources } from '../dist/resources/index.js'

writeFileSync(new URL('../schema/schema.graphql', import.meta.url), printGatewaySchema(buildGatewaySchema(resources)))

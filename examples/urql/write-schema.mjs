// `node urql/write-schema.mjs [file]`: writes the parts of the schema that Graphcache needs to tell a
// valid null from missing data.
import { readFileSync, writeFileSync } from 'node:fs'
import { buildSchema, introspectionFromSchema } from 'graphql'

const sdl = readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8')
const { __schema } = introspectionFromSchema(buildSchema(sdl), { descriptions: false })
const { queryType, mutationType, subscriptionType, types } = __schema
const outputTypes = types.filter(({ name, kind }) => !name.startsWith('__') && kind !== 'INPUT_OBJECT')
const schema = { __schema: { queryType, mutationType, subscriptionType, types: outputTypes } }

writeFileSync(process.argv[2] ?? new URL('__generated__/schema.json', import.meta.url), `${JSON.stringify(schema)}\n`)

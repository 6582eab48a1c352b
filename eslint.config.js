// Biome checks the code; this lints GraphQL only.
import graphql from '@graphql-eslint/eslint-plugin'

const schema = 'schema/schema.graphql'
const operations = 'schema/operations/*.graphql'
const base = {
  plugins: { '@graphql-eslint': graphql },
  languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema, documents: operations } } },
}

export default [
  {
    ...base,
    files: [schema],
    rules: {
      ...graphql.configs['flat/schema-recommended'].rules,
      ...graphql.configs['flat/schema-relay'].rules,
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          rootField: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          EnumValueDefinition: true,
          DirectiveDefinition: true,
        },
      ],
      // Parts of something else have no id of their own: pages, payloads, and the items of a link.
      '@graphql-eslint/strict-id-in-types': [
        'error',
        {
          exceptions: {
            types: ['Item', 'PageInfo'],
            suffixes: ['Connection', 'Edge', 'Payload', 'UserError'],
          },
        },
      ],
      '@graphql-eslint/relay-edge-types': [
        'error',
        {
          withEdgeSuffix: true,
          // Ids come from the upstream and name neither type nor account, so a `node(id:)` field could not resolve them.
          shouldImplementNode: false,
          // Lists by keys have one entry per key; they are not pages and have no edges.
          listTypeCanWrapOnlyEdgeType: false,
        },
      ],
    },
  },
  {
    ...base,
    files: [operations],
    rules: graphql.configs['flat/operations-recommended'].rules,
  },
]

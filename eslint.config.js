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
      // What is part of something else has no id of its own: pages, payloads, and the lines of a link.
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
          // Ids are the upstream's own and tell neither type nor account: no `node(id:)` could find what they name.
          shouldImplementNode: false,
          // Lists by keys have one place for each key; they are not pages, and so have no edges.
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

import { buildSubgraphSchema } from '@apollo/subgraph'
import { type DocumentNode, type GraphQLSchema, graphqlSync, Kind, parse, specifiedDirectives, visit } from 'graphql'
import type { Resource } from './build-schema.js'
import { decoratedAt, schemaDocument } from './schema-document.js'

/** The newest version that Apollo's own suite for subgraphs knows: with `@authenticated`, `@requiresScopes` and `@policy`. */
const FEDERATION = 'https://specs.apollo.dev/federation/v2.7'

/**
 * The schema as a Federation 2 subgraph, as `_service { sdl }` answers it: with the directives of its classes and fields
 * and with what resources add as text.
 * @throws GraphQLError naming what breaks a rule of the specification
 */
export function printSubgraph(schema: GraphQLSchema, resources: readonly Resource[]): string {
  const added = resources.map(({ subgraphSdl }) => subgraphSdl).filter((text) => text !== undefined)
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [schemaDocument(schema, decoratedAt(schema)), ...added.map((text) => parse(text))].flatMap(
      ({ definitions }) => definitions,
    ),
  }
  const imported = JSON.stringify(undefinedDirectives(document).map((name) => `@${name}`))
  const link = parse(`extend schema @link(url: "${FEDERATION}", import: ${imported})`)
  const typeDefs = { kind: Kind.DOCUMENT, definitions: [...link.definitions, ...document.definitions] } as const
  const { data } = graphqlSync({ schema: buildSubgraphSchema({ typeDefs }), source: '{ _service { sdl } }' })
  return `${(data as { _service: { sdl: string } })._service.sdl}\n`
}

/** What is used and defined nowhere must be the specification's; what it does not know stops the build by name. */
function undefinedDirectives(document: DocumentNode): string[] {
  const used = new Set<string>()
  const defined = new Set(['link', ...specifiedDirectives.map(({ name }) => name)])
  visit(document, {
    Directive: ({ name }) => void used.add(name.value),
    DirectiveDefinition: ({ name }) => void defined.add(name.value),
  })
  return [...used].filter((name) => !defined.has(name)).sort()
}

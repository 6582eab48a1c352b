import { type DocumentNode, type GraphQLSchema, Kind, parse, print, specifiedDirectives, visit } from 'graphql'
import type { Resource } from '../schema/build-schema.js'
import { decoratedAt, schemaDocument } from '../schema/schema-document.js'

/** The newest version that Apollo's own suite for subgraphs knows: with `@authenticated`, `@requiresScopes` and `@policy`. */
const FEDERATION = 'https://specs.apollo.dev/federation/v2.7'

/**
 * The schema as a Federation 2 subgraph, as `_service { sdl }` answers it: with the directives of its classes and fields
 * and with what resources add as text. Written down here so that no package of Apollo's composition is needed to serve it;
 * whether it keeps the specification's rules is looked at in `subgraph.ts`.
 */
export function subgraphSdl(schema: GraphQLSchema, resources: readonly Resource[]): string {
  const added = resources.flatMap(({ subgraphSdl: text }) => (text === undefined ? [] : parse(text).definitions))
  const definitions = [...schemaDocument(schema, decoratedAt(schema)).definitions, ...added]
  const imported = JSON.stringify(undefinedDirectives(definitions).map((name) => `@${name}`))
  const roots = { query: schema.getQueryType(), mutation: schema.getMutationType() }
  const operations = Object.entries(roots).flatMap(([name, type]) => (type ? [`${name}: ${type.name}`] : []))
  const link = `schema @link(url: "${FEDERATION}", import: ${imported}) { ${operations.join(' ')} }`
  return `${print({ kind: Kind.DOCUMENT, definitions: [...parse(link).definitions, ...definitions] })}\n`
}

/** What is used and defined nowhere must be the specification's. */
function undefinedDirectives(definitions: DocumentNode['definitions']): string[] {
  const used = new Set<string>()
  const defined = new Set(['link', ...specifiedDirectives.map(({ name }) => name)])
  visit(
    { kind: Kind.DOCUMENT, definitions },
    {
      Directive: ({ name }) => void used.add(name.value),
      DirectiveDefinition: ({ name }) => void defined.add(name.value),
    },
  )
  return [...used].filter((name) => !defined.has(name)).sort()
}

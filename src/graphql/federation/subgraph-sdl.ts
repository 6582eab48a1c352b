import { getDocumentNodeFromSchema, makeDirectiveNode } from '@graphql-tools/utils'
import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  lexicographicSortSchema,
  parse,
  print,
  specifiedDirectives,
  visit,
} from 'graphql'
import type { Resource } from '../schema/build-schema.js'

/** The newest version that Apollo's compatibility suite for subgraphs covers; it has `@requiresScopes` and `@policy`. */
const FEDERATION = 'https://specs.apollo.dev/federation/v2.7'

/**
 * The schema as a Federation 2 subgraph, for `_service { sdl }`: with the directives of decorators and the SDL that resources
 * add. Built without Apollo's composition packages, which are not shipped; `subgraph.ts` checks the result with them.
 */
export function subgraphSdl(schema: GraphQLSchema, resources: readonly Resource[]): string {
  const { definitions } = getDocumentNodeFromSchema(lexicographicSortSchema(schema))
  const added = resources.flatMap(({ subgraphSdl: sdl }) => (sdl === undefined ? [] : parse(sdl).definitions))
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [...definitions, ...added] }
  const link = makeDirectiveNode('link', { url: FEDERATION, import: undefinedDirectives(document) })
  return `${print(visit(document, { SchemaDefinition: (node) => ({ ...node, directives: [link] }) }))}\n`
}

/** The directives that are used but not defined, as `@name`: the specification must define them. */
function undefinedDirectives(document: DocumentNode): readonly string[] {
  const used = new Set<string>()
  const defined = new Set(['link', ...specifiedDirectives.map(({ name }) => name)])
  visit(document, {
    Directive: ({ name }) => void used.add(name.value),
    DirectiveDefinition: ({ name }) => void defined.add(name.value),
  })
  return [...used]
    .filter((name) => !defined.has(name))
    .sort()
    .map((name) => `@${name}`)
}

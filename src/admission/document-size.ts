import { type DefinitionNode, type DocumentNode, type FieldNode, Kind, type SelectionSetNode } from 'graphql'
import { foldSelections, fragmentsOf } from './selection-walk.js'

/** The size of a document, whatever its variables: of each number, the largest among its definitions. */
export interface DocumentSize {
  /** Levels of fields, without `__schema`, `__type` and what is below them. */
  readonly depth: number
  /** Levels of fields from `__schema` or `__type` down. */
  readonly introspectionDepth: number
  readonly aliases: number
  /** Characters of the longest alias. */
  readonly aliasLength: number
  readonly rootFields: number
  readonly directives: number
}

/** Measures a document that may be invalid in any way. A fragment counts wherever it is spread. */
export function measureDocument(document: DocumentNode): DocumentSize {
  const measure = foldSelections<null, DocumentSize>(fragmentsOf(document), {
    join: (sizes) => sizes.reduce(besideEachOther, EMPTY),
    field: sizeOfField,
    enter: () => null,
    direct: withDirectives,
  })
  const sizes = document.definitions.map((definition) => sizeOfDefinition(definition, (set) => measure(set, null)))
  return sizes.reduce(largest, EMPTY)
}

function sizeOfDefinition(node: DefinitionNode, measure: (set: SelectionSetNode) => DocumentSize): DocumentSize {
  switch (node.kind) {
    case Kind.OPERATION_DEFINITION:
      return [node, ...(node.variableDefinitions ?? [])].reduce(withDirectives, measure(node.selectionSet))
    case Kind.FRAGMENT_DEFINITION:
      // How deep a fragment lies, and whether in introspection, depends on where it is spread.
      return withDirectives({ ...measure(node.selectionSet), depth: 0, introspectionDepth: 0, rootFields: 0 }, node)
    default:
      return withDirectives(EMPTY, node)
  }
}

/** A field counts as a root field of its own selection set only. */
function sizeOfField({ name, alias }: FieldNode, below: DocumentSize = EMPTY): DocumentSize {
  const isIntrospection = name.value.startsWith('__')
  return {
    depth: isIntrospection ? 0 : below.depth + 1,
    introspectionDepth: isIntrospection
      ? Math.max(below.depth, below.introspectionDepth) + 1
      : below.introspectionDepth,
    aliases: below.aliases + (alias === undefined ? 0 : 1),
    aliasLength: Math.max(below.aliasLength, alias?.value.length ?? 0),
    rootFields: 1,
    directives: below.directives,
  }
}

function withDirectives(size: DocumentSize, { directives = [] }: Directed): DocumentSize {
  return directives.length === 0 ? size : { ...size, directives: size.directives + directives.length }
}

interface Directed {
  readonly directives?: readonly unknown[] | undefined
}

const EMPTY: DocumentSize = {
  depth: 0,
  introspectionDepth: 0,
  aliases: 0,
  aliasLength: 0,
  rootFields: 0,
  directives: 0,
}

/** Counts are added; of depths and lengths, the larger counts. */
function besideEachOther(a: DocumentSize, b: DocumentSize): DocumentSize {
  return {
    ...largest(a, b),
    aliases: a.aliases + b.aliases,
    rootFields: a.rootFields + b.rootFields,
    directives: a.directives + b.directives,
  }
}

function largest(a: DocumentSize, b: DocumentSize): DocumentSize {
  return {
    depth: Math.max(a.depth, b.depth),
    introspectionDepth: Math.max(a.introspectionDepth, b.introspectionDepth),
    aliases: Math.max(a.aliases, b.aliases),
    aliasLength: Math.max(a.aliasLength, b.aliasLength),
    rootFields: Math.max(a.rootFields, b.rootFields),
    directives: Math.max(a.directives, b.directives),
  }
}

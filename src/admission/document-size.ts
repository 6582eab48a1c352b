import { type DefinitionNode, type DocumentNode, type FieldNode, Kind, type SelectionSetNode } from 'graphql'
import { foldSelections, fragmentsOf } from './selection-walk.js'

/** How large a document is, whatever its variables: of each figure the largest among its definitions. */
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
  const measure = foldSelections<undefined, DocumentSize>(fragmentsOf(document), {
    join: (sizes) => combine(sizes, sum),
    field: (node, _context, below) => sizeOfField(node, below),
    enter: () => undefined,
    enterFragment: () => undefined,
    direct: (selection, size) => withDirectives(size, selection),
  })
  const sizes = document.definitions.map((definition) => sizeOfDefinition(definition, (set) => measure(set, undefined)))
  return combine(sizes, largest)
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

/** A field is one root field of the set it stands in; those of the sets below it do not count. */
function sizeOfField({ name, alias }: FieldNode, below: DocumentSize = EMPTY): DocumentSize {
  const isIntrospection = name.value.startsWith('__')
  return {
    depth: isIntrospection ? 0 : below.depth + 1,
    introspectionDepth: isIntrospection
      ? largest([below.depth, below.introspectionDepth]) + 1
      : below.introspectionDepth,
    aliases: below.aliases + (alias === undefined ? 0 : 1),
    aliasLength: largest([below.aliasLength, alias?.value.length ?? 0]),
    rootFields: 1,
    directives: below.directives,
  }
}

function withDirectives(size: DocumentSize, node: { readonly directives?: readonly unknown[] | undefined }) {
  return { ...size, directives: size.directives + (node.directives?.length ?? 0) }
}

/** @param count combines the counts; depths and lengths have their largest */
function combine(sizes: readonly DocumentSize[], count: typeof sum): DocumentSize {
  const all = (name: keyof DocumentSize): readonly number[] => sizes.map((size) => size[name])
  return {
    depth: largest(all('depth')),
    introspectionDepth: largest(all('introspectionDepth')),
    aliases: count(all('aliases')),
    aliasLength: largest(all('aliasLength')),
    rootFields: count(all('rootFields')),
    directives: count(all('directives')),
  }
}

const EMPTY = combine([], sum)

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0)
}

function largest(figures: readonly number[]): number {
  return Math.max(0, ...figures)
}

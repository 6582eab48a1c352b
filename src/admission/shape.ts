import {
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { fragmentsOf } from './fragments.js'

/** How large an operation is, whatever its variables: the worst of all definitions of its document. */
export interface Shape {
  /** Fields below one another; `__schema` and `__type`, with all below them, apart. */
  readonly depth: number
  /** The same below `__schema` and `__type`. */
  readonly introspectionDepth: number
  readonly aliases: number
  /** Characters of the longest alias. */
  readonly aliasLength: number
  readonly rootFields: number
  readonly directives: number
}

/**
 * Measures a document before anything has checked it: fragments may be missing or go round in circles. A fragment counts
 * wherever it is spread, but is looked at once, so that fragments in fragments cost no more than their text.
 */
export function measure(document: DocumentNode): Shape {
  const measurer = new Measurer(document)
  const shapes = document.definitions.map((definition) => measurer.definition(definition))
  return shapes.reduce(worse, EMPTY)
}

const EMPTY: Shape = { depth: 0, introspectionDepth: 0, aliases: 0, aliasLength: 0, rootFields: 0, directives: 0 }

class Measurer {
  readonly #definitions: ReadonlyMap<string, FragmentDefinitionNode>
  /** EMPTY while a fragment is being looked at: a circle adds nothing, and validation refuses it. */
  readonly #fragments = new Map<string, Shape>()

  constructor(document: DocumentNode) {
    this.#definitions = fragmentsOf(document)
  }

  definition(definition: DefinitionNode): Shape {
    const directives = directivesOf(definition)
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) {
      return { ...EMPTY, directives }
    }
    const ofVariables = (definition.variableDefinitions ?? []).reduce((sum, node) => sum + directivesOf(node), 0)
    const shape = this.#selections(definition.selectionSet)
    const whole = { ...shape, directives: shape.directives + directives + ofVariables }
    // How deep a fragment lies, and whether in introspection, is up to whoever spreads it.
    const isOperation = definition.kind === Kind.OPERATION_DEFINITION
    return isOperation ? whole : { ...whole, depth: 0, introspectionDepth: 0, rootFields: 0 }
  }

  /** `rootFields` are the fields of this very set. */
  #selections({ selections }: SelectionSetNode): Shape {
    return selections.reduce<Shape>((sum, selection) => {
      const own = { ...EMPTY, directives: directivesOf(selection) }
      return add(add(sum, own), this.#selection(selection))
    }, EMPTY)
  }

  #selection(selection: SelectionNode): Shape {
    switch (selection.kind) {
      case Kind.FIELD:
        return this.#field(selection)
      case Kind.INLINE_FRAGMENT:
        return this.#selections(selection.selectionSet)
      case Kind.FRAGMENT_SPREAD:
        return this.#fragment(selection.name.value)
    }
  }

  #field({ name, alias, selectionSet }: FieldNode): Shape {
    const below = selectionSet === undefined ? EMPTY : this.#selections(selectionSet)
    const isIntrospection = name.value.startsWith('__')
    return {
      depth: isIntrospection ? 0 : below.depth + 1,
      introspectionDepth: isIntrospection
        ? Math.max(below.depth, below.introspectionDepth) + 1
        : below.introspectionDepth,
      aliases: (alias === undefined ? 0 : 1) + below.aliases,
      aliasLength: Math.max(alias?.value.length ?? 0, below.aliasLength),
      rootFields: 1,
      directives: below.directives,
    }
  }

  #fragment(name: string): Shape {
    const known = this.#fragments.get(name)
    if (known !== undefined) return known
    const set = this.#definitions.get(name)?.selectionSet
    this.#fragments.set(name, EMPTY)
    const shape = set === undefined ? EMPTY : this.#selections(set)
    this.#fragments.set(name, shape)
    return shape
  }
}

function add(a: Shape, b: Shape): Shape {
  return {
    depth: Math.max(a.depth, b.depth),
    introspectionDepth: Math.max(a.introspectionDepth, b.introspectionDepth),
    aliases: a.aliases + b.aliases,
    aliasLength: Math.max(a.aliasLength, b.aliasLength),
    rootFields: a.rootFields + b.rootFields,
    directives: a.directives + b.directives,
  }
}

function worse(a: Shape, b: Shape): Shape {
  return {
    depth: Math.max(a.depth, b.depth),
    introspectionDepth: Math.max(a.introspectionDepth, b.introspectionDepth),
    aliases: Math.max(a.aliases, b.aliases),
    aliasLength: Math.max(a.aliasLength, b.aliasLength),
    rootFields: Math.max(a.rootFields, b.rootFields),
    directives: Math.max(a.directives, b.directives),
  }
}

function directivesOf(node: { readonly directives?: readonly unknown[] | undefined }): number {
  return node.directives?.length ?? 0
}

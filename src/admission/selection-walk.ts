import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type InlineFragmentNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

/*
 * The two ways to walk selections. Documents are walked before they are validated, so fragments may be missing, circular
 * or defined twice.
 */

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

/** The fragments of a document by name; of two with one name the last. */
export function fragmentsOf({ definitions }: DocumentNode): Fragments {
  const fragments = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]))
}

/**
 * Lists the selections of some selection sets in document order, with those inside inline fragments and spread fragments.
 * A fragment is listed once, however often it is spread, so the list is never longer than the document.
 */
export function selectionsIn(
  sets: readonly SelectionSetNode[],
  fragments: Fragments,
  isIncluded: (selection: SelectionNode) => boolean = () => true,
): readonly SelectionNode[] {
  const found: SelectionNode[] = []
  const spread = new Set<string>()
  const walk = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections.filter(isIncluded)) {
      found.push(selection)
      if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet)
      if (selection.kind !== Kind.FRAGMENT_SPREAD || spread.has(selection.name.value)) continue
      spread.add(selection.name.value)
      const fragment = fragments.get(selection.name.value)
      if (fragment !== undefined) walk(fragment.selectionSet)
    }
  }
  sets.forEach(walk)
  return found
}

/** The fields among some selections, grouped by their response key (alias or name) or by another text. */
export function groupFields(
  selections: readonly SelectionNode[],
  keyOf: (field: FieldNode) => string = responseKey,
): ReadonlyMap<string, readonly FieldNode[]> {
  const groups = new Map<string, FieldNode[]>()
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD) continue
    const key = keyOf(selection)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [selection])
    else group.push(selection)
  }
  return groups
}

export function responseKey({ alias, name }: FieldNode): string {
  return (alias ?? name).value
}

export function selectionSetsOf(fields: readonly FieldNode[]): readonly SelectionSetNode[] {
  return fields.map(({ selectionSet }) => selectionSet).filter((set) => set !== undefined)
}

/** How to compute a value of a selection set from the values of its parts. */
export interface SelectionFold<Context, Value> {
  /** The value of selections side by side; of none, the neutral value. */
  join(values: readonly Value[]): Value
  /** @param below the value of the field's own selection set; undefined where it has none or was not entered */
  field(node: FieldNode, below: Value | undefined, context: Context): Value
  /**
   * The context inside a node; undefined leaves its selections out. A fragment definition is entered without a context,
   * because it is folded once for all its spreads.
   */
  enter(node: FieldNode | InlineFragmentNode | FragmentDefinitionNode, context?: Context): Context | undefined
  /** Adjusts the value of a selection for its directives. */
  direct(value: Value, selection: SelectionNode): Value
}

/**
 * Folds the selection sets of one document. A fragment counts wherever it is spread but is folded once, so fragments inside
 * fragments cost no more time than their text. Where fragments form a cycle, the inner spread has the neutral value.
 */
export function foldSelections<Context, Value>(
  fragments: Fragments,
  { join, field, enter, direct }: SelectionFold<Context, Value>,
): (set: SelectionSetNode, context: Context) => Value {
  const folded = new Map<string, Value>()
  const foldSet = ({ selections }: SelectionSetNode, context: Context): Value =>
    join(selections.map((selection) => direct(foldSelection(selection, context), selection)))
  const foldSelection = (node: SelectionNode, context: Context): Value => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return foldFragment(node.name.value)
    const below = foldInside(node, context)
    return node.kind === Kind.FIELD ? field(node, below, context) : (below ?? join([]))
  }
  const foldInside = (
    node: FieldNode | InlineFragmentNode | FragmentDefinitionNode,
    context?: Context,
  ): Value | undefined => {
    const inside = enter(node, context)
    return inside === undefined ? undefined : node.selectionSet && foldSet(node.selectionSet, inside)
  }
  const foldFragment = (name: string): Value => {
    const known = folded.get(name)
    if (known !== undefined) return known
    folded.set(name, join([]))
    const fragment = fragments.get(name)
    const value = (fragment && foldInside(fragment)) ?? join([])
    folded.set(name, value)
    return value
  }
  return foldSet
}

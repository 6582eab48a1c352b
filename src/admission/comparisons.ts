import { type DocumentNode, type FieldNode, Kind, type SelectionSetNode, visit } from 'graphql'
import { fragmentsOf, groupFields, selectionsIn } from './selection-walk.js'

/**
 * Counts the comparisons that graphql-js makes to find out whether fields of one response key can be merged: fields with
 * fields, fields with every fragment spread beside them, and each two of those fragments, then the same for the fragments
 * inside. Counted as graphql-js does for itself (`OverlappingFieldsCanBeMerged`), but without types, so never less. Stops
 * just past `max`. The document may be invalid in any way.
 */
export function countComparisons(document: DocumentNode, max: number): number {
  const comparer = new Comparer(document, max)
  try {
    visit(document, { SelectionSet: (set) => comparer.compareWithin(set) })
  } catch (error) {
    if (!(error instanceof TooMany)) throw error
  }
  return comparer.count
}

class TooMany extends Error {}

/** Looking up two fields, comparing them, and unwrapping their types from lists. */
const FIELD_PAIR = 6
const FRAGMENT_PAIR = 2
/** graphql-js compares a pair again where the types around it turn out not to exclude each other. */
const TWICE = 2

interface Fragment {
  readonly index: number
  readonly fields: Fields
}

/** The fields of a selection set and its inline fragments, but not of the fragments it spreads. */
interface Fields {
  readonly byKey: ReadonlyMap<string, readonly FieldNode[]>
  readonly spreads: ReadonlySet<string>
  /** Fragments it has been compared with. */
  readonly compared: Set<string>
}

class Comparer {
  count = 0
  readonly #fragments = new Map<string, Fragment>()
  readonly #fields = new Map<SelectionSetNode, Fields>()
  readonly #comparedPairs = new Set<number>()
  #times = 1

  constructor(
    document: DocumentNode,
    private readonly max: number,
  ) {
    for (const [name, { selectionSet }] of fragmentsOf(document)) {
      this.#fragments.set(name, { index: this.#fragments.size, fields: this.#fieldsOf(selectionSet) })
    }
  }

  compareWithin(set: SelectionSetNode): void {
    const own = this.#fieldsOf(set)
    for (const fields of own.byKey.values()) {
      fields.forEach((field, index) => {
        for (const other of fields.slice(index + 1)) this.#compareFields(field, other)
      })
    }
    const spreads = [...own.spreads]
    spreads.forEach((name, index) => {
      this.#compareWithFragment(own, name)
      for (const other of spreads.slice(index + 1)) this.#compareFragments(name, other)
    })
  }

  #compareFields(a: FieldNode, b: FieldNode): void {
    this.#spend(FIELD_PAIR + (a.arguments?.length ?? 0))
    if (a.selectionSet === undefined || b.selectionSet === undefined) return
    const [inA, inB] = [this.#fieldsOf(a.selectionSet), this.#fieldsOf(b.selectionSet)]
    this.#compareSets(inA, inB)
    for (const name of inB.spreads) this.#compareWithFragment(inA, name)
    for (const name of inA.spreads) this.#compareWithFragment(inB, name)
    for (const nameA of inA.spreads) for (const nameB of inB.spreads) this.#compareFragments(nameA, nameB)
  }

  #compareSets(a: Fields, b: Fields): void {
    this.#spend(a.byKey.size)
    for (const [key, fields] of a.byKey) {
      for (const other of b.byKey.get(key) ?? []) for (const field of fields) this.#compareFields(field, other)
    }
  }

  #compareWithFragment(fields: Fields, name: string): void {
    this.#spend(1)
    const fragment = this.#fragments.get(name)
    if (fragment === undefined || fields.compared.has(name)) return
    fields.compared.add(name)
    if (fragment.fields === fields) return
    const before = this.#times
    this.#times = TWICE
    this.#compareSets(fields, fragment.fields)
    for (const inner of fragment.fields.spreads) this.#compareWithFragment(fields, inner)
    this.#times = before
  }

  #compareFragments(nameA: string, nameB: string): void {
    this.#spend(FRAGMENT_PAIR)
    const [a, b] = [this.#fragments.get(nameA), this.#fragments.get(nameB)]
    if (a === undefined || b === undefined || a === b) return
    const pair = Math.min(a.index, b.index) * this.#fragments.size + Math.max(a.index, b.index)
    if (this.#comparedPairs.has(pair)) return
    this.#comparedPairs.add(pair)
    const before = this.#times
    this.#times = TWICE
    this.#compareSets(a.fields, b.fields)
    for (const inner of b.fields.spreads) this.#compareFragments(nameA, inner)
    for (const inner of a.fields.spreads) this.#compareFragments(inner, nameB)
    this.#times = before
  }

  #spend(steps: number): void {
    this.count += steps * this.#times
    if (this.count > this.max) throw new TooMany()
  }

  #fieldsOf(set: SelectionSetNode): Fields {
    const known = this.#fields.get(set) ?? fieldsOf(set)
    this.#fields.set(set, known)
    return known
  }
}

function fieldsOf(set: SelectionSetNode): Fields {
  const selections = selectionsIn([set], new Map())
  const spreads = selections.filter((node) => node.kind === Kind.FRAGMENT_SPREAD).map(({ name }) => name.value)
  return { byKey: groupFields(selections), spreads: new Set(spreads), compared: new Set() }
}

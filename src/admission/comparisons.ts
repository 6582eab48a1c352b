import { type DocumentNode, type FieldNode, Kind, type SelectionSetNode, visit } from 'graphql'
import { fragmentsOf } from './fragments.js'

/**
 * What it takes graphql-js to find out whether fields of one name can be merged: it compares fields with fields, fields with
 * every fragment spread beside them, and every two of those fragments with each other, and so on in the fragments of fragments.
 * Counted as graphql-js counts for itself (`OverlappingFieldsCanBeMerged`), but without types, so never less. Counting ends
 * past the limit; the document may be invalid in any way.
 */
export function countComparisons(document: DocumentNode, max: number): number {
  const comparer = new Comparer(document, max)
  try {
    visit(document, { SelectionSet: (set) => comparer.within(set) })
  } catch (error) {
    if (!(error instanceof TooMany)) throw error
  }
  return comparer.count
}

class TooMany extends Error {}

/** Two fields are looked up and compared, and their types taken out of lists. */
const FIELD_PAIR = 6
const FRAGMENT_PAIR = 2
/** What is remembered as compared is compared once more where the types around it did not exclude one another after all. */
const TWICE = 2

interface Fragment {
  readonly index: number
  readonly fields: Fields
}

/** A selection set with its inline fragments. */
interface Fields {
  readonly byName: ReadonlyMap<string, readonly FieldNode[]>
  readonly spreads: ReadonlySet<string>
  /** Fragments that it was compared with. */
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

  within(set: SelectionSetNode): void {
    const own = this.#fieldsOf(set)
    for (const namesakes of own.byName.values()) {
      namesakes.forEach((field, index) => {
        for (const other of namesakes.slice(index + 1)) this.#compareFields(field, other)
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
    this.#spend(a.byName.size)
    for (const [name, fields] of a.byName) {
      for (const other of b.byName.get(name) ?? []) for (const field of fields) this.#compareFields(field, other)
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
    const known = this.#fields.get(set)
    if (known !== undefined) return known
    const found = collect(set)
    this.#fields.set(set, found)
    return found
  }
}

function collect(root: SelectionSetNode): Fields {
  const byName = new Map<string, FieldNode[]>()
  const spreads = new Set<string>()
  const add = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) add(selection.selectionSet)
      else if (selection.kind === Kind.FRAGMENT_SPREAD) spreads.add(selection.name.value)
      else {
        const name = (selection.alias ?? selection.name).value
        const namesakes = byName.get(name)
        if (namesakes === undefined) byName.set(name, [selection])
        else namesakes.push(selection)
      }
    }
  }
  add(root)
  return { byName, spreads, compared: new Set() }
}

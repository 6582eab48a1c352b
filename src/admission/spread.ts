import { type DocumentNode, type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql'
import { fragmentsOf } from './fragments.js'

/**
 * What a document comes to once its fragments are put in their places and fields of one name are merged, as validating and
 * executing it will do: every field and every spread once, and every pair of fields that share a name, because each is
 * compared with each. Counting ends one past the limit; the document may be invalid in any way.
 */
export function countSpread(document: DocumentNode, max: number): number {
  const spreader = new Spreader(document, max)
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION) {
      spreader.merge([definition.selectionSet])
    }
  }
  return spreader.count
}

class Spreader {
  count = 0
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>

  constructor(
    document: DocumentNode,
    private readonly max: number,
  ) {
    this.#fragments = fragmentsOf(document)
  }

  /** Fragments that go round in circles end where the count does. */
  merge(sets: readonly SelectionSetNode[]): void {
    const namesakes = new Map<string, FieldNode[]>()
    const spread = new Set<string>()
    for (const set of sets) this.#collect(set, namesakes, spread)
    for (const fields of namesakes.values()) {
      if (this.#isOver) return
      const below = fields.map((field) => field.selectionSet).filter((set) => set !== undefined)
      if (below.length > 0) this.merge(below)
    }
  }

  get #isOver(): boolean {
    return this.count > this.max
  }

  #collect({ selections }: SelectionSetNode, namesakes: Map<string, FieldNode[]>, spread: Set<string>): void {
    for (const selection of selections) {
      this.count += 1
      if (this.#isOver) {
        this.count = this.max + 1
        return
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        this.#collect(selection.selectionSet, namesakes, spread)
      } else if (selection.kind === Kind.FIELD) {
        this.#note(selection, namesakes)
      } else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value)
        const fragment = this.#fragments.get(selection.name.value)
        if (fragment !== undefined) this.#collect(fragment.selectionSet, namesakes, spread)
      }
    }
  }

  #note(field: FieldNode, namesakes: Map<string, FieldNode[]>): void {
    const key = (field.alias ?? field.name).value
    const others = namesakes.get(key)
    if (others === undefined) {
      namesakes.set(key, [field])
    } else {
      this.count += others.length
      others.push(field)
    }
  }
}

import { type FragmentDefinitionNode, Kind, type SelectionNode, type SelectionSetNode } from 'graphql'
import type { SelectedBelow } from './field-cost.js'

/**
 * Tells what is selected below the fields of one document, which may be invalid in any way. What a fragment selects is looked
 * for once a path, however often it is spread.
 */
export class Selections {
  readonly #inFragments = new Map<string, boolean>()

  constructor(private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>) {}

  below(set: SelectionSetNode | undefined): SelectedBelow {
    const known = new Map<string, boolean>()
    return {
      has: (path) => {
        const found = known.get(path) ?? this.#has(set, path.split('.'))
        known.set(path, found)
        return found
      },
    }
  }

  #has(set: SelectionSetNode | undefined, path: readonly string[]): boolean {
    return path.length === 0 || (set?.selections ?? []).some((selection) => this.#selects(selection, path))
  }

  #selects(selection: SelectionNode, path: readonly string[]): boolean {
    switch (selection.kind) {
      case Kind.FIELD:
        return selection.name.value === path[0] && this.#has(selection.selectionSet, path.slice(1))
      case Kind.INLINE_FRAGMENT:
        return this.#has(selection.selectionSet, path)
      case Kind.FRAGMENT_SPREAD:
        return this.#fragmentHas(selection.name.value, path)
    }
  }

  #fragmentHas(name: string, path: readonly string[]): boolean {
    const key = `${name} ${path.join('.')}`
    const known = this.#inFragments.get(key)
    if (known !== undefined) return known
    // A circle selects nothing more, and validation refuses it.
    this.#inFragments.set(key, false)
    const found = this.#has(this.fragments.get(name)?.selectionSet, path)
    this.#inFragments.set(key, found)
    return found
  }
}

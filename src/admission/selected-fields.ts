import type { SelectionNode, SelectionSetNode } from 'graphql'
import type { SelectedFields } from './field-cost.js'
import { type Fragments, groupFields, selectionSetsOf, selectionsIn } from './selection-walk.js'

/**
 * Tells which fields some selection sets of one document select. Each level of a path merges every field of one name, so a
 * level takes one walk, and no more than the text of the document.
 */
export function selectedFields(
  sets: readonly SelectionSetNode[],
  fragments: Fragments,
  isIncluded?: (selection: SelectionNode) => boolean,
): SelectedFields {
  let below: ReadonlyMap<string, SelectedFields> | undefined
  return {
    has: (path) => {
      const [name = '', ...rest] = path.split('.')
      below ??= fieldsBelow()
      const found = below.get(name)
      return found !== undefined && (rest.length === 0 || found.has(rest.join('.')))
    },
  }

  function fieldsBelow(): ReadonlyMap<string, SelectedFields> {
    const byName = groupFields(selectionsIn(sets, fragments, isIncluded), ({ name }) => name.value)
    return new Map(
      Array.from(byName, ([name, fields]) => [name, selectedFields(selectionSetsOf(fields), fragments, isIncluded)]),
    )
  }
}

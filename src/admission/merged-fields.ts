import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql'
import { fragmentsOf, groupFields, selectionSetsOf, selectionsIn } from './selection-walk.js'

/**
 * How many selections a document has once fragments are in place and fields of one response key are merged, as validation
 * and execution merge them, plus every pair of fields with one key, because each is compared with each. Counts no further than
 * `max + 1`, which also ends circular fragments. The document may be invalid in any way.
 */
export function countMergedFields(document: DocumentNode, max: number): number {
  const fragments = fragmentsOf(document)
  let count = 0
  const merge = (sets: readonly SelectionSetNode[]): void => {
    const selections = selectionsIn(sets, fragments)
    const groups = [...groupFields(selections).values()]
    count += selections.length + groups.reduce((pairs, { length }) => pairs + (length * (length - 1)) / 2, 0)
    for (const fields of groups) {
      if (count > max) return
      const below = selectionSetsOf(fields)
      if (below.length > 0) merge(below)
    }
  }
  for (const definition of document.definitions) {
    const hasSelections = definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION
    if (hasSelections && count <= max) merge([definition.selectionSet])
  }
  return Math.min(count, max + 1)
}

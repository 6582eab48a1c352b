import {
  type GraphQLDirective,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  type SelectionNode,
} from 'graphql'
import { createParameterDecorator } from 'type-graphql'
import type { SelectedFields } from '../admission/field-cost.js'
import { selectedFields } from '../admission/selected-fields.js'
import { selectionSetsOf } from '../admission/selection-walk.js'

/** Decorates a resolver's `SelectedFields` parameter: what the query selects below its field. */
export function Selected(): ReturnType<typeof createParameterDecorator> {
  return createParameterDecorator(({ info }) => selectedBelow(info))
}

/** What is selected below the field that is being resolved, except what `@skip` and `@include` exclude. */
export function selectedBelow({ fieldNodes, fragments, variableValues }: GraphQLResolveInfo): SelectedFields {
  const isIncluded = (selection: SelectionNode): boolean => {
    const condition = (directive: GraphQLDirective) => getDirectiveValues(directive, selection, variableValues)?.['if']
    return condition(GraphQLSkipDirective) !== true && condition(GraphQLIncludeDirective) !== false
  }
  return selectedFields(selectionSetsOf(fieldNodes), new Map(Object.entries(fragments)), isIncluded)
}

import {
  type GraphQLDirective,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { createParameterDecorator } from 'type-graphql'

/** Whether a field is asked of what is being read, by its name and under whatever alias. */
export type Asks = (field: string) => boolean

/** Gives a resolver what is asked of what it answers with. */
export function AskedBelow(): ReturnType<typeof createParameterDecorator> {
  return createParameterDecorator(({ info }) => askedBelow(info))
}

/** What is asked right below the field that is being resolved, of objects of whatever type. */
export function askedBelow({ fieldNodes, fragments, variableValues }: GraphQLResolveInfo): Asks {
  // A list of references asks once for each.
  const known = new Map<string, boolean>()
  return (field) => {
    const isAsked = known.get(field) ?? fieldNodes.some(({ selectionSet }) => has(selectionSet, field))
    known.set(field, isAsked)
    return isAsked
  }

  function has(set: SelectionSetNode | undefined, field: string): boolean {
    return (set?.selections ?? []).some((selection) => isIncluded(selection) && selects(selection, field))
  }

  function selects(selection: SelectionNode, field: string): boolean {
    if (selection.kind === Kind.FIELD) return selection.name.value === field
    const part = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value]
    return has(part?.selectionSet, field)
  }

  function isIncluded(selection: SelectionNode): boolean {
    const condition = (directive: GraphQLDirective) => getDirectiveValues(directive, selection, variableValues)?.['if']
    return condition(GraphQLSkipDirective) !== true && condition(GraphQLIncludeDirective) !== false
  }
}

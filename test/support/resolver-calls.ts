import { type GraphQLFieldResolver, type GraphQLSchema, graphql, isIntrospectionType, isObjectType } from 'graphql'
import { SCHEMA_FIELDS } from '../../src/admission/schema-fields.js'
import type { RequestScope } from '../../src/graphql/scope.js'
import { sampleOperations } from './sample-operations.js'

/** One call of a field's resolver, which can be made again on behalf of somebody else. */
export interface ResolverCall {
  /** `Account.name` */
  readonly field: string
  readonly isRoot: boolean
  /** Returns the resolver's result, or what it throws. */
  repeat(scope: RequestScope): Promise<unknown>
}

export interface Recording {
  readonly calls: readonly ResolverCall[]
  /** Fields whose resolver no operation has called. */
  readonly unreached: readonly string[]
}

/** Runs an operation of every root field and records each call of a resolver. The schema keeps recording: use one of your own. */
export async function recordResolverCalls(schema: GraphQLSchema, openScope: () => RequestScope): Promise<Recording> {
  const calls: ResolverCall[] = []
  const unreached = new Set<string>()
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()])
  const types = Object.values(schema.getTypeMap()).filter(isObjectType)
  for (const type of types.filter((type) => !isIntrospectionType(type))) {
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field
      const name = `${type.name}.${field.name}`
      if (resolve === undefined || SCHEMA_FIELDS.has(field.name)) continue
      unreached.add(name)
      field.resolve = (source, args, scope, info) => {
        const repeat = (other: RequestScope) => settle(resolve, source, args, other, info)
        unreached.delete(name)
        calls.push({ field: name, isRoot: roots.has(type), repeat })
        return resolve(source, args, scope, info)
      }
    }
  }
  for (const { text } of sampleOperations(schema)) await graphql({ schema, source: text, contextValue: openScope() })
  return { calls, unreached: [...unreached] }
}

type Resolve = GraphQLFieldResolver<unknown, RequestScope>

async function settle(resolve: Resolve, ...[source, args, scope, info]: Parameters<Resolve>): Promise<unknown> {
  try {
    return await resolve(source, args, scope, info)
  } catch (error) {
    return error
  }
}

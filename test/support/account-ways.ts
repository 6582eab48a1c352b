import {
  type GraphQLField,
  type GraphQLNamedOutputType,
  GraphQLObjectType,
  GraphQLSchema,
  getNamedType,
  graphql,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql'
import type { RequestScope } from '../../src/graphql/scope.js'
import { type ErrorCode, GatewayError } from '../../src/kernel/errors.js'

/** Finds the ways to an account's data that are open to somebody who may not take them. */
export interface Walk {
  readonly schema: GraphQLSchema
  /** A new request of somebody who may not see the account `ACCOUNT_WALKED`. */
  readonly openScope: () => RequestScope
  /** How that is said. */
  readonly code: ErrorCode
  /** Calls that the upstream has seen so far. */
  readonly upstreamCalls: () => number
}

export const ACCOUNT_WALKED = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'
const LINK_WALKED = '12345'

/** What each field is asked with; a field that needs arguments and stands not here fails the walk. */
export const ARGUMENTS: Readonly<Record<string, string>> = {
  'Query._entities': `(representations: [${[
    `{ __typename: "PaymentLink", accountId: "${ACCOUNT_WALKED}", id: "${LINK_WALKED}" }`,
    `{ __typename: "Account", id: "${ACCOUNT_WALKED}" }`,
  ].join(' ')}])`,
  'Query.account': `(id: "${ACCOUNT_WALKED}")`,
  'Query.accountsByIds': `(ids: ["${ACCOUNT_WALKED}", "${ACCOUNT_WALKED}"])`,
  'Query.paymentLink': `(accountId: "${ACCOUNT_WALKED}", id: "${LINK_WALKED}")`,
  'Query.paymentLinks': `(accountId: "${ACCOUNT_WALKED}")`,
  'Query.paymentLinksByKeys': `(keys: [{ accountId: "${ACCOUNT_WALKED}", id: "${LINK_WALKED}" }])`,
  'Mutation.updatePaymentLink': `(input: { accountId: "${ACCOUNT_WALKED}", id: "${LINK_WALKED}", maxUsage: 50 })`,
}

/** Root fields that tell of the schema alone. */
const OF_THE_SCHEMA: ReadonlySet<string> = new Set(['Query._service', 'Query._sdl'])
/** Fields that are worked out of what the parent holds and nothing else. */
const WORKED_OUT: ReadonlySet<string> = new Set(['PaymentLink.version'])

/**
 * Asks every field of every type and says what is wrong with each that answers more than it may: root fields must refuse,
 * the others may give what their parent, forged here, holds already. An empty list is good.
 */
export async function findOpenWays(walk: Walk): Promise<string[]> {
  const { schema } = walk
  const findings: string[] = []
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of fieldsOf(root)) findings.push(...(await askRootField(walk, root?.name ?? '', field)))
  }
  const forged = forgedSchema(schema)
  for (const type of ownObjectTypes(schema)) {
    for (const field of fieldsOf(type)) findings.push(...(await askField({ ...walk, schema: forged }, type, field)))
  }
  return findings
}

/** Every root field with all that can be selected below it; for filling caches, which a write empties, as somebody who may. */
export function documentsOfEverything(schema: GraphQLSchema): string[] {
  return [schema.getMutationType(), schema.getQueryType()].flatMap((root) =>
    fieldsOf(root)
      .filter(({ name }) => !OF_THE_SCHEMA.has(`${root?.name}.${name}`))
      .map((field) => {
        const kind = root === schema.getMutationType() ? 'mutation' : 'query'
        return `${kind} { ${textOf(root?.name ?? '', field, 3)} }`
      }),
  )
}

type AnyField = GraphQLField<unknown, unknown>

function fieldsOf(type: GraphQLObjectType | null | undefined): AnyField[] {
  return Object.values(type?.getFields() ?? {})
}

function ownObjectTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !type.name.startsWith('__') && !roots.includes(type))
}

async function askRootField(walk: Walk, root: string, field: AnyField): Promise<string[]> {
  const name = `${root}.${field.name}`
  if (OF_THE_SCHEMA.has(name)) return []
  if (lacksArguments(name, field)) return [`${name}: the walk has no arguments for it`]
  const kind = root === walk.schema.getMutationType()?.name ? 'mutation' : 'query'
  const below = isLeafType(getNamedType(field.type)) ? '' : '{ __typename }'
  const { data, codes, calls } = await ask(walk, `${kind} { ${field.name}${ARGUMENTS[name] ?? ''} ${below} }`)
  const findings = [...callFindings(name, calls), ...codeFindings(name, codes, walk.code)]
  if (codes.length === 0) findings.push(`${name}: answers without a refusal`)
  if (leavesOf(data).some((leaf) => leaf !== null)) findings.push(`${name}: answers data`)
  return findings
}

async function askField(walk: Walk, type: GraphQLObjectType, field: AnyField): Promise<string[]> {
  const name = `${type.name}.${field.name}`
  if (lacksArguments(name, field)) return [`${name}: the walk has no arguments for it`]
  const { data, codes, calls, refused } = await ask(walk, `{ ${type.name} { ${textOf(type.name, field, 2)} } }`)
  const findings = [...callFindings(name, calls), ...codeFindings(name, codes, walk.code)]
  const parent = (data as Record<string, unknown> | null)?.[type.name]
  findings.push(...strangersIn(parent, { typeName: type.name, path: type.name, refused }))
  return findings.map((finding) => (finding.startsWith(name) ? finding : `${name}: ${finding}`))
}

async function ask({ schema, openScope, upstreamCalls }: Walk, source: string) {
  const before = upstreamCalls()
  const { data, errors = [] } = await graphql({ schema, source, contextValue: openScope() })
  const codes = errors.map(({ originalError, message }) =>
    originalError instanceof GatewayError ? originalError.code : message,
  )
  const refused = new Set(errors.map(({ path = [] }) => path.join('.')))
  return { data, codes, refused, calls: upstreamCalls() - before }
}

function callFindings(name: string, calls: number): string[] {
  return calls === 0 ? [] : [`${name}: asks the upstream`]
}

function codeFindings(name: string, codes: readonly string[], expected: ErrorCode): string[] {
  return [...new Set(codes)].filter((code) => code !== expected).map((code) => `${name}: says ${code}`)
}

function lacksArguments(name: string, field: AnyField): boolean {
  return ARGUMENTS[name] === undefined && field.args.some(isRequiredArgument)
}

/** The field with its arguments and everything below it that needs none, so many levels deep. */
function textOf(parent: string, field: AnyField, levels: number): string {
  const type = getNamedType(field.type)
  const own = `${field.name}${ARGUMENTS[`${parent}.${field.name}`] ?? ''}`
  if (isLeafType(type)) return own
  return `${own} { __typename ${belowOf(type, levels - 1)} }`
}

function belowOf(type: GraphQLNamedOutputType, levels: number): string {
  if (isObjectType(type)) return fieldsBelow(type, levels).join(' ')
  if (!isUnionType(type)) return ''
  // Fields of one name may be of two types.
  const onMember = (member: GraphQLObjectType) =>
    `... on ${member.name} { ${fieldsBelow(member, levels)
      .map((field, index) => `${member.name}${index}: ${field}`)
      .join(' ')} }`
  return type.getTypes().map(onMember).join(' ')
}

function fieldsBelow(type: GraphQLObjectType, levels: number): string[] {
  return fieldsOf(type)
    .filter((field) => !lacksArguments(`${type.name}.${field.name}`, field))
    .filter((field) => levels > 0 || isLeafType(getNamedType(field.type)))
    .map((field) => textOf(type.name, field, levels))
}

/** A schema whose root gives one object of each type, made of values that nobody else has. */
function forgedSchema(schema: GraphQLSchema): GraphQLSchema {
  const types = ownObjectTypes(schema)
  const fields = Object.fromEntries(types.map((type) => [type.name, { type, resolve: () => forge(type, 3) }]))
  return new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Forged', fields }),
    types: Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__')),
  })
}

function forge(type: GraphQLObjectType, levels: number): Record<string, unknown> {
  const entries = fieldsOf(type).map((field): [string, unknown] => [field.name, forgeValue(type, field, levels)])
  return { ...Object.fromEntries(entries), accountFacts: {} }
}

function forgeValue(parent: GraphQLObjectType, field: AnyField, levels: number): unknown {
  const bare = isNonNullType(field.type) ? field.type.ofType : field.type
  const type = getNamedType(field.type)
  const one = isObjectType(type) ? (levels > 0 ? forge(type, levels - 1) : null) : forgedLeaf(parent.name, field)
  return isListType(bare) ? (one === null ? [] : [one]) : one
}

const FORGED_BY_SCALAR: Readonly<Record<string, unknown>> = {
  Boolean: true,
  Int: 41,
  Float: 41.5,
  ID: LINK_WALKED,
  String: 'in hand',
  Decimal: '41.00',
  DateTime: '2041-01-01T00:00:00.000Z',
  JSONObject: { in: 'hand' },
}

function forgedLeaf(parent: string, field: AnyField): unknown {
  if (field.name === 'accountId' || `${parent}.${field.name}` === 'Account.id') return ACCOUNT_WALKED
  const type = getNamedType(field.type)
  return isEnumType(type) ? type.getValues()[0]?.value : FORGED_BY_SCALAR[type.name]
}

/** What stands in an answer that the forged parent did not hold, and what is missing without a refusal. */
function strangersIn(
  value: unknown,
  at: { readonly typeName: string; readonly path: string; readonly refused: ReadonlySet<string> },
): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => strangersIn(item, { ...at, path: `${at.path}.${index}` }))
  }
  if (typeof value !== 'object' || value === null) return isRefused(at) ? [] : [`${at.path} is null without a refusal`]
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name === '__typename') return []
    const path = `${at.path}.${name}`
    const typeName = typeof inner === 'object' && inner !== null ? typeNameOf(inner) : undefined
    if (typeName !== undefined) return strangersIn(inner, { ...at, typeName, path })
    if (inner === null) return isRefused({ ...at, path }) ? [] : [`${path} is null without a refusal`]
    return WORKED_OUT.has(`${at.typeName}.${name}`) || isForged(inner) ? [] : [`${path} answers data`]
  })
}

/** Of an object or of the first object of a list; undefined for scalars that are objects and for lists of leaves. */
function typeNameOf(value: object): string | undefined {
  if (Array.isArray(value)) {
    const objects = value.filter((item) => item === null || (typeof item === 'object' && '__typename' in item))
    const first: unknown = objects.find((item) => item !== null)
    return objects.length === 0 ? undefined : first === undefined ? 'null' : typeNameOf(first as object)
  }
  return '__typename' in value ? String(value.__typename) : undefined
}

function isRefused({ path, refused }: { readonly path: string; readonly refused: ReadonlySet<string> }): boolean {
  const parts = path.split('.')
  return parts.some((_, index) => refused.has(parts.slice(0, index + 1).join('.')))
}

const FORGED: ReadonlySet<string> = new Set(
  [...Object.values(FORGED_BY_SCALAR), ACCOUNT_WALKED].map((value) => JSON.stringify(value)),
)

function isForged(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isForged)
  // The first value of an enum is what was forged; another one has to come from somewhere.
  return FORGED.has(JSON.stringify(value)) || (typeof value === 'string' && FIRST_OF_ENUMS.has(value))
}

const FIRST_OF_ENUMS: ReadonlySet<string> = new Set(['OPEN', 'ACTIVE', 'INVALID'])

function leavesOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [value]
  const inner = Object.values(value)
  // An empty list is an answer: it says that nothing is there.
  return inner.length === 0 ? [value] : inner.flatMap(leavesOf)
}

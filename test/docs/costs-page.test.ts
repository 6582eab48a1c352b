import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'
import { expect, it } from 'vitest'
import { SCHEMA_FIELDS } from '../../src/admission/schema-fields.js'
import { servedPricing } from '../../src/graphql/schema/served-schema.js'
import { resources } from '../../src/resources/index.js'
import { sampleArguments } from '../support/sample-operations.js'
import { costOf, servedSchema } from '../support/static-cost.js'

type AnyField = GraphQLField<unknown, unknown>

/** Arguments of a connection that make it cost differently. */
const PAGES = ['', 'first: 100', 'first: 25, offset: 30', 'last: 25', 'first: 25, after: "…"', 'last: 25, before: "…"']

it('docs/costs.md matches the code: when this fails, run `npm run docs:costs`', async () => {
  const page = [
    '<!-- Generated from the code by `npm run docs:costs`. -->',
    '# What a field costs',
    'How these figures add up to the cost of an operation, and the limits on it: [limits.md](limits.md).',
    '## Upstream calls',
    'The most calls that one field can cause, with one key in a list of keys. A field that is not listed causes none.',
    table(['Field', 'Calls'], callRows()),
    '## Rows and bytes',
    'Lists whose length does not depend on an argument, and leaves that can be larger than other leaves of their type.',
    table(['Field', 'Rows', 'Bytes'], sizeRows()),
  ]
  await expect(`${page.join('\n\n')}\n`).toMatchFileSnapshot('../../docs/costs.md')
})

function callRows(): string[][] {
  const roots = [servedSchema.getQueryType(), servedSchema.getMutationType()].flatMap((type) => (type ? [type] : []))
  const entries = roots.flatMap((root) => {
    const kind = root === servedSchema.getMutationType() ? 'mutation' : 'query'
    return fieldsOf(root).flatMap((field) => [
      ...rowsOf(root, field, (selection) => `${kind} { ${selection} }`),
      ...rowsBelow(root, field),
    ])
  })
  return [...new Map(entries.map((row) => [row[0], row])).values()]
}

/** The fields of the one object that a root field gives. */
function rowsBelow(root: GraphQLObjectType, field: AnyField): string[][] {
  const type = getNullableType(field.type)
  if (!isObjectType(type) || root !== servedSchema.getQueryType()) return []
  const parent = `${field.name}${sampleArguments(root.name, field)}`
  return fieldsOf(type).flatMap((below) => rowsOf(type, below, (selection) => `{ ${parent} { ${selection} } }`))
}

/** A row for each way to ask for a field that causes calls of its own. */
function rowsOf(type: GraphQLObjectType, field: AnyField, operation: (selection: string) => string): string[][] {
  const below = isLeafType(getNamedType(field.type)) ? '' : '{ __typename }'
  const required = sampleArguments(type.name, field).slice(1, -1)
  const names = field.args
    .filter(isRequiredArgument)
    .map(({ name }) => name)
    .sort()
  const pages = field.args.some(({ name }) => name === 'first') ? PAGES : ['']
  return pages.flatMap((page) => {
    const given = [required, page].filter(Boolean).join(', ')
    const selection = `${field.name}${given && `(${given})`} ${below}`
    const calls = callsOf(operation(selection)) - callsOf(operation('__typename'))
    const shown = [...names, page].filter(Boolean).join(', ')
    return calls > 0 ? [[`\`${type.name}.${field.name}${shown && `(${shown})`}\``, String(calls)]] : []
  })
}

function callsOf(operation: string): number {
  return costOf(operation).upstreamCalls
}

function sizeRows(): string[][] {
  return Object.entries(servedPricing(resources).costs).flatMap(([field, cost]) => {
    if (typeof cost === 'function' || SCHEMA_FIELDS.has(field.split('.')[1] ?? '')) return []
    const { rows, bytes } = cost
    return rows === undefined && bytes === undefined ? [] : [[`\`${field}\``, String(rows ?? ''), String(bytes ?? '')]]
  })
}

/** `_entities` costs what the lists of keys of its types cost. */
function fieldsOf(type: GraphQLObjectType): AnyField[] {
  return Object.values(type.getFields()).filter(({ name }) => name !== '_entities' && !SCHEMA_FIELDS.has(name))
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n')
}

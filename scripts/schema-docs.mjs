// `npm run docs:schema`: writes docs/schema.md, the schema in reading order, or the same to the path given. Needs a build.
import { writeFileSync } from 'node:fs'
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql'
import { buildGatewaySchema } from '../dist/graphql/schema/build-schema.js'
import { resources } from '../dist/resources/index.js'

const schema = buildGatewaySchema(resources)
const page = process.argv[2] ?? new URL('../docs/schema.md', import.meta.url)
writeFileSync(page, `${pageOf(schema).join('\n\n')}\n`)

function pageOf(schema) {
  const roots = [schema.getQueryType(), schema.getMutationType()]
  const types = typesInReadingOrder(roots)
  const objects = types.filter((type) => isObjectType(type) && !isPaging(type))
  return [
    '<!-- Generated from the code by `npm run docs:schema`. -->',
    '# Schema',
    'This page lists the schema in reading order; programs should use [the SDL](../schema/schema.graphql). `!` after a type' +
      ' means never null; `[T]` is a list. An argument or input field without `!` may be omitted.',
    ...section('Queries', [schema.getQueryType()], rootFields),
    ...section('Mutations', [schema.getMutationType()], rootFields),
    ...section('Objects', objects, fieldsOf),
    ...section('Inputs', types.filter(isInputObjectType), fieldsOf),
    ...section('Enums', types.filter(isEnumType), valuesOf),
    ...section('Pages of a list', types.filter(isPaging), fieldsOf),
    ...section('Scalars', types.filter(isScalarType), (scalar) => [heading(scalar), textOf(scalar)]),
  ]
}

function section(title, things, render) {
  return [`## ${title}`, ...things.flatMap(render)]
}

/** Every type, in the order a reader who starts at the root fields meets it. */
function typesInReadingOrder(roots) {
  const reached = new Set(roots)
  for (const type of reached) {
    const fields = isObjectType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : []
    for (const field of fields) {
      for (const { type } of [field, ...(field.args ?? [])]) reached.add(getNamedType(type))
    }
  }
  return [...reached].filter(
    (type) => !roots.includes(type) && !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  )
}

/** Every list has these types, so they come after the ones a reader looks for. */
function isPaging(type) {
  return isObjectType(type) && /(Connection|Edge|PageInfo)$/.test(type.name)
}

function rootFields(type) {
  const fields = Object.values(type.getFields())
  return [
    textOf(type),
    ...fields.flatMap((field) => [
      `### ${type.name}.${field.name}`,
      `Returns ${linked(field.type)}. ${textOf(field)}`,
      table(['Argument', 'Type', 'Meaning'], argumentsOf(field).map(row)),
    ]),
  ]
}

function fieldsOf(type) {
  const fields = Object.values(type.getFields())
  return [
    heading(type),
    textOf(type),
    table(['Field', 'Type', 'Meaning'], fields.map(row)),
    ...fields
      .filter((field) => field.args?.length > 0)
      .map((field) => table([`Argument of ${field.name}`, 'Type', 'Meaning'], argumentsOf(field).map(row))),
  ]
}

function valuesOf(type) {
  const rows = type.getValues().map((value) => [`\`${value.name}\``, textOf(value)])
  return [heading(type), textOf(type), table(['Value', 'Meaning'], rows)]
}

/** Required arguments first. */
function argumentsOf(field) {
  const required = field.args.filter(({ type }) => isNonNullType(type)).sort((a, b) => a.name.localeCompare(b.name))
  return [...required, ...field.args.filter(({ type }) => !isNonNullType(type))]
}

function row(field) {
  return [`\`${field.name}\``, linked(field.type), textOf(field)]
}

function heading(type) {
  return `### ${type.name}`
}

function linked(type) {
  const { name } = getNamedType(type)
  return isSpecifiedScalarType(getNamedType(type)) ? `\`${type}\`` : `[\`${type}\`](#${name.toLowerCase()})`
}

/** Fails without a description, because the page would have nothing to say. */
function textOf(thing) {
  if (!thing.description) throw new Error(`${thing.name} has no description.`)
  return thing.deprecationReason ? `${thing.description} **Deprecated**: ${thing.deprecationReason}` : thing.description
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n')
}

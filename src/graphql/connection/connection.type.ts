import { ArgsType, Directive, Field, Int, ObjectType } from 'type-graphql'
import type { ConnectionArguments } from './arguments.js'

@Directive('@shareable')
@ObjectType({
  description: 'Where a page lies in its list, as in the cursor connections specification.',
  simpleResolvers: true,
})
class PageInfo {
  @Field(() => Boolean, { description: 'Whether more rows follow this page, in either direction of paging.' })
  hasNextPage!: boolean

  @Field(() => Boolean, { description: 'Whether more rows precede this page, in either direction of paging.' })
  hasPreviousPage!: boolean

  @Field(() => String, { nullable: true, description: 'Cursor of the first row; null when the page is empty.' })
  startCursor!: string | null

  @Field(() => String, { nullable: true, description: 'Cursor of the last row; null when the page is empty.' })
  endCursor!: string | null
}

@ArgsType()
export class ConnectionArgs implements ConnectionArguments {
  @Field(() => Int, {
    nullable: true,
    description: 'How many rows to return from the start, 1 to 100; 25 when neither first nor last is given.',
  })
  first?: number | null

  @Field(() => String, { nullable: true, description: 'Only rows after the row of this cursor.' })
  after?: string | null

  @Field(() => Int, {
    nullable: true,
    description: 'How many rows to return from the end, 1 to 100; cannot be combined with first.',
  })
  last?: number | null

  @Field(() => String, { nullable: true, description: 'Only rows before the row of this cursor.' })
  before?: string | null

  @Field(() => Int, { nullable: true, description: 'How many rows to skip; can be combined with first only.' })
  offset?: number | null
}

type ObjectTypeClass = new () => object

/** The class of `<typename>Connection`, with edges of `<typename>Edge`, for a list of one object type. */
export function connectionType(typename: string, nodeType: () => ObjectTypeClass): ObjectTypeClass {
  @ObjectType(`${typename}Edge`, { description: `A \`${typename}\` and its cursor.`, simpleResolvers: true })
  class EdgeType {
    @Field(() => String, { description: 'Opaque; for `after` and `before`.' })
    cursor!: string

    @Field(nodeType, {
      nullable: true,
      description: 'Null, with an error of its own, when what the upstream sent is unreadable.',
    })
    node!: object | null
  }

  @ObjectType(`${typename}Connection`, { description: `A page of a list of \`${typename}\`.`, simpleResolvers: true })
  class ConnectionType {
    @Field(() => [EdgeType], { nullable: 'items', description: 'The rows of this page with their cursors.' })
    edges!: EdgeType[]

    @Field(() => [nodeType()], {
      nullable: 'items',
      description: 'The rows without cursors; an unreadable one is null, with an error of its own.',
    })
    nodes!: (object | null)[]

    @Field(() => PageInfo, { description: 'What lies before and after this page.' })
    pageInfo!: PageInfo

    @Field(() => Int, {
      nullable: true,
      description: 'Rows of the whole list (`pagination.total`); null when the upstream does not say.',
    })
    totalCount!: number | null
  }
  return ConnectionType
}

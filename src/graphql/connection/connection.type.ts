import { ArgsType, Directive, Field, Int, ObjectType } from 'type-graphql'
import type { ConnectionArguments } from './arguments.js'

@Directive('@shareable')
@ObjectType({
  description: 'Where a page lies in its list, after the cursor connections specification.',
  simpleResolvers: true,
})
class PageInfo {
  @Field(() => Boolean, { description: 'Whether rows follow this page, whichever way it was read.' })
  hasNextPage!: boolean

  @Field(() => Boolean, { description: 'Whether rows precede this page, whichever way it was read.' })
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
    description: 'How many rows from the front, 1 to 100; 25 when neither first nor last is given.',
  })
  first?: number | null

  @Field(() => String, { nullable: true, description: 'Only rows behind the row of this cursor.' })
  after?: string | null

  @Field(() => Int, { nullable: true, description: 'How many rows from the back, 1 to 100; not together with first.' })
  last?: number | null

  @Field(() => String, { nullable: true, description: 'Only rows ahead of the row of this cursor.' })
  before?: string | null

  @Field(() => Int, { nullable: true, description: 'Skips so many rows; goes with first only.' })
  offset?: number | null
}

type ObjectTypeClass = new () => object

/** The class of `<typename>Connection`, whose edges are of `<typename>Edge`, for a list of one object type. */
export function connectionType(typename: string, nodeType: () => ObjectTypeClass): ObjectTypeClass {
  @ObjectType(`${typename}Edge`, { description: `A \`${typename}\` and its cursor.`, simpleResolvers: true })
  class EdgeType {
    @Field(() => String, { description: 'Opaque; for `after` and `before`.' })
    cursor!: string

    @Field(nodeType, {
      nullable: true,
      description: 'Null, with an error of its own, when the upstream sent something that cannot be read.',
    })
    node!: object | null
  }

  @ObjectType(`${typename}Connection`, { description: `A page of a list of \`${typename}\`.`, simpleResolvers: true })
  class ConnectionType {
    @Field(() => [EdgeType], { nullable: 'items', description: 'The rows of this page with their cursors.' })
    edges!: EdgeType[]

    @Field(() => [nodeType()], {
      nullable: 'items',
      description: 'The rows without cursors; one that cannot be read is null, with an error of its own.',
    })
    nodes!: (object | null)[]

    @Field(() => PageInfo, { description: 'What lies before and behind this page.' })
    pageInfo!: PageInfo

    @Field(() => Int, {
      nullable: true,
      description: 'Rows of the whole list (`pagination.total`); null when the upstream does not say.',
    })
    totalCount!: number | null
  }
  return ConnectionType
}

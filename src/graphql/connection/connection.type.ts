import { ArgsType, Directive, Field, Int, ObjectType } from 'type-graphql'
import type { WindowArguments } from './window.js'

@Directive('@shareable')
@ObjectType({
  description: 'Where a page lies in the whole list, after the cursor connections specification.',
  simpleResolvers: true,
})
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether rows follow this page, whichever way it was asked for.' })
  hasNextPage!: boolean

  @Field(() => Boolean, { description: 'Whether rows precede this page, whichever way it was asked for.' })
  hasPreviousPage!: boolean

  @Field(() => String, { nullable: true, description: 'Cursor of the first row; null when the page is empty.' })
  startCursor!: string | null

  @Field(() => String, { nullable: true, description: 'Cursor of the last row; null when the page is empty.' })
  endCursor!: string | null
}

@ArgsType()
export class ConnectionArgs implements WindowArguments {
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

  @Field(() => Int, { nullable: true, description: 'Jumps to a row, counted from 0; goes with first only.' })
  offset?: number | null
}

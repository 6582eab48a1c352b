import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { RequestScope } from '../../../graphql/scope.js'
import { UpdatePaymentLinkInput } from './update.input.js'
import { updatePaymentLink } from './update.js'
import { type UpdatePaymentLinkPayload, UpdatePaymentLinkPayloadType } from './update.type.js'

@Resolver()
export class UpdatePaymentLinkResolver {
  @Mutation(() => UpdatePaymentLinkPayloadType, {
    nullable: true,
    description:
      'Changes the fields given in the input and keeps all others. Sent to the upstream once; when anything is refused, nothing is written.',
  })
  updatePaymentLink(
    @Arg('input', () => UpdatePaymentLinkInput, {
      description: 'Which link to change, how, and the state it is expected to be in.',
    })
    input: UpdatePaymentLinkInput,
    @Ctx() scope: RequestScope,
  ): Promise<UpdatePaymentLinkPayload> {
    return updatePaymentLink(scope, input)
  }
}

import { Arg, ArgumentValidationError, Ctx, type MiddlewareFn, Mutation, Resolver, UseMiddleware } from 'type-graphql'
import type { RequestScope } from '../../graphql/scope.js'
import { auditBrokenInput } from './update-payment-link.audit.js'
import { UpdatePaymentLinkInput } from './update-payment-link.input.js'
import { updatePaymentLink } from './update-payment-link.js'
import { metadataErrors } from './update-payment-link.refusals.js'
import { type AnsweredUpdate, UpdatePaymentLinkPayloadType, type UserError } from './update-payment-link.type.js'

/** What the input's rules find is for the person at the form, not an error of the request. */
const brokenRulesAsUserErrors: MiddlewareFn<RequestScope> = async ({ args, context }, next) => {
  try {
    return await next()
  } catch (error) {
    if (!(error instanceof ArgumentValidationError)) throw error
    const oversized = metadataErrors(args['input'] as UpdatePaymentLinkInput, context.services.limits.maxMetadataBytes)
    const userErrors = [...error.extensions.validationErrors.flatMap(toUserErrors), ...oversized]
    auditBrokenInput(context, args['input'], userErrors)
    return { paymentLink: null, userErrors }
  }
}

@Resolver()
export class UpdatePaymentLinkResolver {
  @Mutation(() => UpdatePaymentLinkPayloadType, {
    nullable: true,
    description:
      'Changes what the input gives and leaves everything else as it is. Sent to the upstream once; where something is refused, nothing is written.',
  })
  @UseMiddleware(brokenRulesAsUserErrors)
  updatePaymentLink(
    @Arg('input', () => UpdatePaymentLinkInput, {
      description: 'Which link, what to change, and what is expected of it now.',
      validate: { skipMissingProperties: false },
    })
    input: UpdatePaymentLinkInput,
    @Ctx() scope: RequestScope,
  ): Promise<AnsweredUpdate> {
    return updatePaymentLink(scope, input)
  }
}

type BrokenRules = ArgumentValidationError['extensions']['validationErrors'][number]

/** One sentence a field: of several broken rules, that it is empty says most. */
function toUserErrors({ property, constraints = {} }: BrokenRules): UserError[] {
  const message = constraints['isDefined'] ?? Object.values(constraints)[0] ?? `${property} is not valid.`
  return [{ code: 'INVALID', field: [property], message }]
}

import { Arg, ArgumentValidationError, Ctx, type MiddlewareFn, Mutation, Resolver, UseMiddleware } from 'type-graphql'
import type { RequestScope } from '../../../graphql/scope.js'
import { auditBrokenInput } from './update.audit.js'
import { type ItemRule, UpdatePaymentLinkInput } from './update.input.js'
import { updatePaymentLink } from './update.js'
import { metadataErrors } from './update.refusals.js'
import { type AnsweredUpdate, UpdatePaymentLinkPayloadType, type UserError } from './update.type.js'

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

/** One sentence a field: of several broken rules, that it is empty says most. Of a list that is none itself, one an element. */
function toUserErrors({ property, value, constraints = {}, contexts = {} }: BrokenRules): UserError[] {
  const ofList = Object.keys(constraints).filter((name) => !(name in contexts))
  const [itemRule] = Object.values(contexts) as ItemRule[]
  if (ofList.length === 0 && itemRule && Array.isArray(value)) return itemErrors(property, value, itemRule)
  const message = constraints['isDefined'] ?? constraints[ofList[0] ?? ''] ?? `${property} is not valid.`
  return [{ code: 'INVALID', field: [property], message }]
}

function itemErrors(property: string, items: readonly unknown[], { says }: ItemRule): UserError[] {
  return items.flatMap((item, index) => {
    const message = says(item)
    return message === undefined ? [] : [{ code: 'INVALID', field: [property, String(index)], message }]
  })
}

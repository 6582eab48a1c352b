import { commitMutation, type Environment, graphql } from 'relay-runtime'
import type { AnsweredError } from '../answers/retrying.js'
import { toUpdateOutcome, type UpdateOutcome } from '../answers/update-outcome.js'
import type {
  UpdatePaymentLinkInput,
  updatePaymentLinkMutation,
  updatePaymentLinkMutation$data,
} from './__generated__/updatePaymentLinkMutation.graphql.js'

type Payload = NonNullable<updatePaymentLinkMutation$data['updatePaymentLink']>

/** The answer carries what the rows select, so every list that shows the link changes without another request. */
export function updateLink(environment: Environment, input: UpdatePaymentLinkInput): Promise<UpdateOutcome<Payload>> {
  return new Promise((resolve) => {
    commitMutation<updatePaymentLinkMutation>(environment, {
      mutation: graphql`
        mutation updatePaymentLinkMutation($input: UpdatePaymentLinkInput!) {
          updatePaymentLink(input: $input) {
            paymentLink {
              id
              accountId
              ...paymentLinkList_link
            }
            userErrors {
              code
              field
              message
            }
          }
        }
      `,
      variables: { input },
      onCompleted: ({ updatePaymentLink }, errors) => resolve(toUpdateOutcome(updatePaymentLink, errors ?? [])),
      onError: (error) => resolve(toUpdateOutcome<Payload>(undefined, answeredErrors(error))),
    })
  })
}

/** Relay throws an answer without data as an error that has the answer as its `source`. */
function answeredErrors(error: Error & { readonly source?: { readonly errors?: readonly AnsweredError[] } }) {
  return error.source?.errors ?? []
}

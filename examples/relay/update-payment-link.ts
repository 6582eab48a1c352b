import { commitMutation, type Environment, graphql } from 'relay-runtime'
import type { ResponseError } from '../responses/retrying.js'
import { toUpdateOutcome, type UpdateOutcome } from '../responses/update-outcome.js'
import type {
  UpdatePaymentLinkInput,
  updatePaymentLinkMutation,
  updatePaymentLinkMutation$data,
} from './__generated__/updatePaymentLinkMutation.graphql.js'

type Payload = NonNullable<updatePaymentLinkMutation$data['updatePaymentLink']>

/** The response carries the fields that the rows select, so every list that shows the link updates without another request. */
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
      onError: (error) => resolve(toUpdateOutcome<Payload>(undefined, responseErrors(error))),
    })
  })
}

/** Relay throws a response without data as an error whose `source` is the response. */
function responseErrors(error: Error & { readonly source?: { readonly errors?: readonly ResponseError[] } }) {
  return error.source?.errors ?? []
}

import { ApolloGateway, type GraphQLDataSourceProcessOptions, RemoteGraphQLDataSource } from '@apollo/gateway'
import { GraphQLError } from 'graphql'
import { type CallerContext, type Service, serve } from './serve.js'

/** Apollo Gateway for a supergraph. */
export function startApolloGateway(supergraphSdl: string): Promise<Service> {
  const gateway = new ApolloGateway({ supergraphSdl, buildService: ({ url = '' }) => new CallersSource({ url }) })
  return serve({ gateway })
}

/** Sends the caller's headers to a subgraph. */
class CallersSource extends RemoteGraphQLDataSource {
  override willSendRequest({ request, context }: GraphQLDataSourceProcessOptions): void {
    const { headers = {} } = context as Partial<CallerContext>
    for (const [name, value] of Object.entries(headers)) request.http?.headers.set(name, value)
  }

  /** Passes on the subgraph's own error for HTTP 4xx; the default one shows callers the subgraph's URL, but not the code. */
  override async errorFromResponse(response: { json(): Promise<unknown> }): Promise<GraphQLError> {
    const { errors } = (await response.json()) as { readonly errors: readonly [GraphQLError] }
    return new GraphQLError(errors[0].message, { extensions: errors[0].extensions })
  }
}

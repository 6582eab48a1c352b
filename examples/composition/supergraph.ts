import { composeServices } from '@apollo/composition'
import { type DocumentNode, parse } from 'graphql'
import { post } from './http-executor.js'

/**
 * Reads each subgraph's schema from its endpoint and composes them; `rover supergraph compose` does the same on the command line.
 * @throws AggregateError if composition fails
 */
export async function composeSupergraph(urls: Readonly<Record<string, string>>): Promise<string> {
  const services = Object.entries(urls).map(async ([name, url]) => ({ name, url, typeDefs: await readSubgraph(url) }))
  const { supergraphSdl, errors } = composeServices(await Promise.all(services))
  if (errors !== undefined) throw new AggregateError(errors, `Composition failed: ${errors.join('; ')}`)
  return supergraphSdl
}

async function readSubgraph(url: string): Promise<DocumentNode> {
  const { data } = await post<{ _service: { sdl: string } }>(url, { query: '{ _service { sdl } }' })
  if (data == null) throw new Error(`${url} returned no schema`)
  return parse(data._service.sdl)
}

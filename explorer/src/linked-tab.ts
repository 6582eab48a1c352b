import type { ExampleTab } from './example-tabs.js'

/** The operation in the address, as a GET would bring it: it is shown, and run by nobody but the person. */
export function linkedTab(): ExampleTab | undefined {
  const parameters = new URLSearchParams(location.search)
  const query = parameters.get('query')
  return query ? { query, variables: parameters.get('variables') ?? '' } : undefined
}

import type { ExampleTab } from './example-tabs.js'

/** The operation in the page's address, in the parameters of a GET. It is shown but not run. */
export function linkedTab(): ExampleTab | undefined {
  const parameters = new URLSearchParams(location.search)
  const query = parameters.get('query')
  return query ? { query, variables: parameters.get('variables') ?? '' } : undefined
}

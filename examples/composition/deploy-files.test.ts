import { readFileSync } from 'node:fs'
import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'
import { expect, it } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

it('composes the subgraphs that deploy/federation/supergraph.yaml names', () => {
  const config = read('deploy/federation/supergraph.yaml')
  const services = [
    { name: 'payment-links', file: '../../schema/subgraph.graphql', path: 'schema/subgraph.graphql' },
    { name: 'orders', file: './orders.graphql', path: 'deploy/federation/orders.graphql' },
  ].map(({ name, file, path }) => {
    expect(config).toMatch(new RegExp(`^  ${name}:\n    routing_url: \\S+\n    schema:\n      file: ${file}$`, 'm'))
    return { name, url: `http://127.0.0.1/${name}`, typeDefs: parse(read(path)) }
  })
  const { supergraphSdl, errors } = composeServices(services)
  expect(errors).toBeUndefined()
  expect(supergraphSdl).toMatch(/type Order\b[\s\S]+paymentLink: PaymentLink/)
})

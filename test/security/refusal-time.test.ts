import { createHash } from 'node:crypto'
import { parse } from 'graphql'
import { afterAll, describe, expect, it } from 'vitest'
import { createAdmission } from '../../src/admission/admission.js'
import { buildServedSchema, servedPricing } from '../../src/graphql/schema/served-schema.js'
import { resources } from '../../src/resources/index.js'
import { startTestGateway } from '../support/gateway.js'
import { OPERATION_LIMITS } from '../support/operation-limits.js'
import { HOSTILE_DOCUMENTS } from './hostile-documents.js'

const schema = buildServedSchema(resources)
const admit = createAdmission({
  schema,
  pricing: servedPricing(resources),
  limits: OPERATION_LIMITS,
  introspection: true,
})

/** The fastest of these counts, as on a machine with nothing else to do. */
const RUNS = 25
/**
 * A refusal may take this many times as long as parsing the largest allowed document on the same machine at the same moment,
 * so the test does not depend on the speed of the machine.
 */
const PARSES_MAX = 25
const LARGEST_ALLOWED = `{ ${'a '.repeat(OPERATION_LIMITS.maxTokens - 2)}}`

const lines: string[] = []
afterAll(() => {
  // `npm run measure:refusals` prints the figures.
  if (process.env['MEASURE'] !== undefined) process.stdout.write(`\n${lines.join('\n')}\n`)
})

describe('an admission', () => {
  it.each(HOSTILE_DOCUMENTS)(
    `refuses $what by $limit within ${PARSES_MAX} times the parsing of the largest allowed document`,
    ({ what, text, limit }) => {
      const hash = createHash('sha256').update(text).digest('hex')
      const parses: number[] = []
      const times = Array.from({ length: RUNS }, () => {
        parses.push(timeOf(() => parse(LARGEST_ALLOWED)).tookMs)
        const { value: result, tookMs } = timeOf(() => admit({ text, hash }))
        expect(result.kind === 'refused' && result.errors.map(({ message }) => message).join()).toContain(`${limit}: `)
        return tookMs
      }).sort((a, b) => a - b)
      const [least = Number.NaN, median = Number.NaN] = [times[0], times[Math.floor(RUNS / 2)]]
      lines.push(
        `${what.padEnd(52)} ${String(text.length).padStart(8)} chars  least ${least.toFixed(2)} ms, median ${median.toFixed(2)} ms`,
      )
      expect(least).toBeLessThan(PARSES_MAX * Math.min(...parses))
    },
  )

  it('refuses every hostile document over HTTP with 400 or, if the body is too large, 413, and no call', async () => {
    const gateway = await startTestGateway()
    try {
      for (const { what, text } of HOSTILE_DOCUMENTS) {
        const { status, errors } = await gateway.request(text)
        const code = status === 413 ? 'BAD_REQUEST' : 'QUERY_TOO_COMPLEX'
        expect([what, [400, 413].includes(status), errors?.map(({ extensions }) => extensions.code)]).toEqual([
          what,
          true,
          [code],
        ])
      }
      expect(gateway.sandbox.log.count()).toBe(0)
    } finally {
      await gateway.stop()
    }
  })
})

function timeOf<T>(work: () => T): { readonly value: T; readonly tookMs: number } {
  const startedAt = performance.now()
  const value = work()
  return { value, tookMs: performance.now() - startedAt }
}

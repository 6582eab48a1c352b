import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.js'
import { type FuzzInput, makeInput } from './fuzz/inputs.js'
import { Random } from './fuzz/random.js'
import { problemWith } from './fuzz/send.js'

/** `npm run fuzz` sends more. The same seed makes the same inputs. */
const INPUTS = Number(process.env['FUZZ_INPUTS'] ?? 2_000)
const SEED = Number(process.env['FUZZ_SEED'] ?? 4_292)
const SECONDS_MAX = Number(process.env['FUZZ_SECONDS'] ?? 60)
const AT_ONCE = 32
const CORPUS = fileURLToPath(new URL('corpus', import.meta.url))

interface Found {
  readonly input: FuzzInput
  readonly problem: string
}

let gateway: TestGateway
const unhandled: unknown[] = []
const note = (reason: unknown): void => void unhandled.push(reason)
beforeAll(async () => {
  process.on('unhandledRejection', note)
  gateway = await startTestGateway({ env: { REQUEST_TIMEOUT_MS: '5000' } })
})
afterAll(async () => {
  await gateway.stop()
  process.off('unhandledRejection', note)
})

describe('the gateway', () => {
  it('responds cleanly to every input of the corpus', async () => {
    const files = readdirSync(CORPUS).filter((name) => name.endsWith('.json'))
    expect(files.length).toBeGreaterThan(0)
    for (const name of files) {
      const input = JSON.parse(readFileSync(`${CORPUS}/${name}`, 'utf8')) as FuzzInput
      expect([name, await problemWith(input, gateway.url)]).toEqual([name, undefined])
    }
    await expectAlive()
  })

  it(`responds cleanly to ${INPUTS} malformed inputs (seed ${SEED})`, {
    timeout: (SECONDS_MAX + 30) * 1_000,
  }, async () => {
    const random = new Random(SEED)
    const accountIds = gateway.sandbox.accounts.map(({ id }) => id)
    const endsAtMs = Date.now() + SECONDS_MAX * 1_000
    const found: Found[] = []
    let sent = 0
    const sender = async (): Promise<void> => {
      while (sent < INPUTS && Date.now() < endsAtMs) {
        sent += 1
        const input = makeInput(random, accountIds)
        const problem = await problemWith(input, gateway.url)
        if (problem !== undefined) found.push({ input, problem })
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, sender))
    for (const { input } of found) keep(input)
    if (process.env['FUZZ_INPUTS'] !== undefined)
      process.stdout.write(`${sent} inputs sent, ${found.length} problems\n`)
    expect(found).toEqual([])
    expect(unhandled).toEqual([])
    expect(sent).toBeGreaterThan(0)
    await expectAlive()
  })
})

/** Adds an input to the corpus, so that it is replayed from then on. */
function keep(input: FuzzInput): void {
  const text = `${JSON.stringify(input)}\n`
  writeFileSync(`${CORPUS}/found-${createHash('sha256').update(text).digest('hex').slice(0, 12)}.json`, text)
}

async function expectAlive(): Promise<void> {
  expect(await gateway.request('{ __typename }')).toMatchObject({ status: 200, data: { __typename: 'Query' } })
}

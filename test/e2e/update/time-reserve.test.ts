import { afterEach, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../../support/gateway.js'
import { MovedClock } from '../../support/with-upstream.js'
import { ACCOUNT, plant, puts } from './updating.js'

let gateway: TestGateway | undefined
afterEach(() => gateway?.stop())

/** The longest there is, so that the real duration of a test's calls does not count. */
const REQUEST_MS = 600_000

interface Course {
  readonly attemptMs: number
  /** Spent before the second update begins. */
  readonly goneMs: number
  /** What the second update's fresh read takes. */
  readonly readMs: number
}

/**
 * Two updates in one operation, and so in one request's time. The write of the first takes `goneMs` and the read of the
 * second `readMs`, by a clock that is moved while the upstream responds.
 */
async function secondOfTwo({ attemptMs, goneMs, readMs }: Course): Promise<'sent' | 'busy' | 'busy unread'> {
  const clock = new MovedClock()
  const env = { REQUEST_TIMEOUT_MS: `${REQUEST_MS}`, UPSTREAM_TIMEOUT_MS: `${attemptMs}` }
  gateway = await startTestGateway({ env, app: { clock } })
  const { sandbox } = gateway
  const [first, second] = [plant(gateway), plant(gateway)]
  sandbox.beforeResponse(({ operation, linkId }) => {
    if (operation === 'update' && linkId === String(first.id)) clock.move(goneMs)
    if (operation === 'show' && linkId === String(second.id)) clock.move(readMs)
  })
  const set = (alias: string, id: number): string =>
    `${alias}: updatePaymentLink(input: { accountId: "${ACCOUNT}", id: "${id}", maxUsage: 12 }) { userErrors { code } }`
  const { data, errors } = await gateway.request<{ second: object | null }, object>(
    `mutation { ${set('first', first.id)} ${set('second', second.id)} }`,
  )
  if (errors === undefined) {
    expect(data).toEqual({ first: { userErrors: [] }, second: { userErrors: [] } })
    expect(puts(gateway)).toHaveLength(2)
    return 'sent'
  }
  expect(errors.map(({ path, extensions: { code } }) => [path, code])).toEqual([[['second'], 'WRITE_BUSY']])
  expect(puts(gateway)).toHaveLength(1)
  return sandbox.log.entries.some(({ path }) => path.endsWith(`/${second.id}`)) ? 'busy' : 'busy unread'
}

describe('the time reserved for a write and its read-back', () => {
  it.each<[string, Course, 'sent' | 'busy' | 'busy unread']>([
    ['a fifth of the request, however quick the read: 21 % is enough', percent(50, 79, 0), 'sent'],
    ['a fifth of the request, however quick the read: with 18 % nothing is read', percent(50, 82, 0), 'busy unread'],
    ['eight times a read of 5 %: 45 % is enough', percent(50, 50, 5), 'sent'],
    ['eight times a read of 5 %: 35 % is too little', percent(50, 60, 5), 'busy'],
    ['three fifths of the request at most, however slow the read: 62 % is enough', percent(50, 0, 38), 'sent'],
    ['three fifths of the request at most, however slow the read: 58 % is too little', percent(50, 0, 42), 'busy'],
    ['two attempts of 15 % at most: 32 % is enough', percent(15, 0, 68), 'sent'],
    ['two attempts of 15 % at most: 28 % is too little', percent(15, 0, 72), 'busy'],
    ['two attempts of 5 %, less than a fifth of the request: 12 % is enough', percent(5, 88, 0), 'sent'],
    ['two attempts of 5 %, less than a fifth of the request: 8 % is too little', percent(5, 92, 0), 'busy unread'],
  ])('the time reserved for a write and its read-back is %s', async (_, course, outcome) => {
    expect(await secondOfTwo(course)).toBe(outcome)
  })
})

/** Shares of the request's time. */
function percent(attempt: number, gone: number, read: number): Course {
  const [attemptMs = 0, goneMs = 0, readMs = 0] = [attempt, gone, read].map((share) => (share * REQUEST_MS) / 100)
  return { attemptMs, goneMs, readMs }
}

import { afterAll, describe, expect, it } from 'vitest'
import { AppScope, RequestScope } from '../../src/graphql/scope.js'
import { createBackground } from '../../src/kernel/background.js'
import { systemClock } from '../../src/kernel/clock.js'
import { createDeadline } from '../../src/kernel/deadline.js'
import { grantsOf, type Requirement } from '../../src/kernel/grants.js'
import { anonymousPrincipal, merchantPrincipal, type Principal } from '../../src/kernel/principal.js'
import { createLogger } from '../../src/telemetry/logger.js'
import type { UpstreamRequest } from '../../src/upstream/request.js'
import { failureOf, read } from '../support/with-upstream.js'

const READ = { name: 'things:read', allows: 'read the things' }
const EVERY_ACCOUNT: Requirement = { kind: 'every-account', scope: READ }

const deadline = createDeadline(systemClock, 60_000)
afterAll(() => deadline.release())

/** A scope whose upstream and cache only record what reaches them. */
function openScope(principal: Principal) {
  const reached: string[] = []
  const app = new AppScope({
    send: async <T>(request: UpstreamRequest<T>) => {
      reached.push('upstream')
      return request.parse('sent')
    },
    findCached: async <T>(request: UpstreamRequest<T>) => {
      reached.push('cache')
      return { value: request.parse('cached'), startedAtMs: 0 }
    },
    clock: systemClock,
    logger: createLogger('silent'),
    limits: { upstreamTimeoutMs: 1, requestTimeoutMs: 1, maxKeys: 1, maxUpstreamCalls: 10, maxMetadataBytes: 1 },
    background: createBackground(),
  })
  return { scope: new RequestScope(app, principal, 'request-1', deadline), reached }
}

const ofOneAccount: Principal = { ...merchantPrincipal, grants: grantsOf(['things:read'], ['ONE']) }
const ofEveryAccount: Principal = { ...merchantPrincipal, grants: grantsOf(['things:read'], '*') }

describe('a request scope', () => {
  it.each<[string, Principal, Requirement, string]>([
    ['a list of every account to a caller of one', ofOneAccount, EVERY_ACCOUNT, 'FORBIDDEN'],
    ['a list of every account to an anonymous caller', anonymousPrincipal, EVERY_ACCOUNT, 'UNAUTHENTICATED'],
    ['another account', ofOneAccount, { kind: 'account', id: 'TWO', scope: READ }, 'FORBIDDEN'],
    ['a public call to an anonymous caller', anonymousPrincipal, { kind: 'public' }, 'UNAUTHENTICATED'],
  ])('refuses %s before anything is sent or looked up', async (_, principal, requires, code) => {
    const { scope, reached } = openScope(principal)
    expect(await failureOf(scope.send(read({ requires })))).toMatchObject({ code })
    expect(await failureOf(scope.findCached(read({ requires })))).toMatchObject({ code })
    expect(reached).toEqual([])
  })

  it.each<[string, Principal, Requirement]>([
    ['a list of every account for a caller of every account', ofEveryAccount, EVERY_ACCOUNT],
    ['an account for its caller', ofOneAccount, { kind: 'account', id: 'ONE', scope: READ }],
    ['a public call for any known caller', { ...merchantPrincipal, grants: grantsOf([], []) }, { kind: 'public' }],
  ])('sends and looks up %s', async (_, principal, requires) => {
    const { scope, reached } = openScope(principal)
    expect(await scope.send(read({ requires }))).toBe('sent')
    expect(await scope.findCached(read({ requires }))).toMatchObject({ value: 'cached' })
    expect(reached).toEqual(['upstream', 'cache'])
  })
})

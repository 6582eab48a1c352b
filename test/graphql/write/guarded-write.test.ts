import { describe, expect, it } from 'vitest'
import { type GuardedWrite, guardedWrite } from '../../../src/graphql/write/guarded-write.js'
import type { PreparedWrite } from '../../../src/graphql/write/send-once.js'
import { userError } from '../../../src/graphql/write/user-error.js'
import { GatewayError } from '../../../src/kernel/errors.js'
import { NO_GRANT } from '../../../src/kernel/grants.js'
import { merchantPrincipal } from '../../../src/kernel/principal.js'
import { gate, json, success } from '../../support/with-upstream.js'
import { BUDGET_MS, type House, type Respond, withHouse } from './thermostat-house.js'

const methodsOf = ({ calls }: House): readonly string[] => calls.map(({ method }) => method)
const outcomesOf = ({ audit }: House): readonly unknown[] => audit.map(({ outcome }) => outcome)
const fail: Respond = (response) => json(response, 500, {})
const plainNo: Respond = (response) => json(response, 200, { success: false })

describe('guardedWrite, through a mutation', () => {
  it('a write is read for, sent once as a whole, and applied when the response shows the change', () =>
    withHouse(async (house) => {
      expect(await house.set({ celsius: 21 })).toEqual({ thermostat: { celsius: 21, isLocked: false }, userErrors: [] })
      expect(methodsOf(house)).toEqual(['GET', 'PUT'])
      expect(JSON.parse(house.calls[1]?.body ?? '')).toEqual({ degrees: 21, locked: false })
    }))

  it('a write leaves one audit line, without the values of hidden fields', () =>
    withHouse(async (house) => {
      await house.set({ celsius: 21, isLocked: true })
      expect(house.audit).toEqual([
        {
          audit: 'setThermostat',
          requestId: 'request-1',
          caller: 'local',
          accountId: 'A',
          zone: 'hall',
          fields: ['celsius', 'isLocked'],
          before: { celsius: 18 },
          after: { celsius: 21 },
          outcome: 'applied',
          codes: [],
        },
      ])
    }))

  it('a write is not sent when a read already shows the change', () =>
    withHouse(async (house) => {
      expect(await house.set({ celsius: 18 })).toMatchObject({ thermostat: { celsius: 18 }, userErrors: [] })
      expect([methodsOf(house), outcomesOf(house)]).toEqual([['GET'], ['unchanged']])
    }))

  it('an input that breaks rules gets a user error for each, without a call upstream', () =>
    withHouse(async (house) => {
      expect(await house.set({ zone: 'HALL', celsius: 99, isLocked: null })).toEqual({
        thermostat: null,
        userErrors: [
          ['INVALID', ['zone']],
          ['INVALID', ['celsius']],
          ['INVALID', ['isLocked']],
        ],
      })
      expect(house.calls).toEqual([])
      expect(house.audit).toMatchObject([
        { outcome: 'refused', codes: ['INVALID'], fields: ['celsius', 'isLocked'], before: {}, after: {} },
      ])
    }))

  it('a mutation refuses a write because of the current state, with a code of its own', () =>
    withHouse(async (house) => {
      house.row = { ...house.row, window_open: true }
      expect(await house.set({ celsius: 21 })).toMatchObject({
        thermostat: { celsius: 18 },
        userErrors: [['WINDOW_OPEN', null]],
      })
      expect([methodsOf(house), outcomesOf(house)]).toEqual([['GET'], ['refused']])
    }))

  it('a write to nothing is NOT_FOUND', () =>
    withHouse(async (house) => {
      expect(await house.set({ zone: 'attic', celsius: 21 })).toEqual({
        thermostat: null,
        userErrors: [['NOT_FOUND', ['zone']]],
      })
      expect([methodsOf(house), outcomesOf(house)]).toEqual([['GET'], ['refused']])
    }))

  it('a write refused by the upstream is reported in the names of the input', () =>
    withHouse(async (house) => {
      house.put = (response) => json(response, 422, { message: 'Invalid.', errors: { degrees: ['Too large.'] } })
      expect(await house.set({ celsius: 21 })).toMatchObject({ userErrors: [['INVALID', ['celsius']]] })
      expect([methodsOf(house), outcomesOf(house)]).toEqual([['GET', 'PUT'], ['refused']])
    }))

  it('a write that gets a 404 is NOT_FOUND only when a read finds nothing either', () =>
    withHouse(async (house) => {
      house.put = (response) => json(response, 404, { message: 'The route could not be found.' })
      expect(await house.set({ celsius: 21 })).toMatchObject({
        thermostat: { celsius: 18 },
        userErrors: [['REJECTED', null]],
      })
      house.put = (response) => {
        house.get = (missing) => json(missing, 404, { success: false, error: { code: 404 } })
        return json(response, 404, { success: false, error: { code: 404 } })
      }
      expect(await house.set({ celsius: 22 })).toEqual({ thermostat: null, userErrors: [['NOT_FOUND', ['zone']]] })
      expect(outcomesOf(house)).toEqual(['refused', 'refused'])
    }))

  it('a caller without the grant is refused without a call upstream and without waiting for a lock', () =>
    withHouse(async (house) => {
      const [arrived, held] = [gate(), gate()]
      house.put = async (response) => {
        arrived.open()
        await held.opened
        return success(response, { ...house.row, degrees: 21 })
      }
      const allowed = house.set({ celsius: 21 })
      await arrived.opened
      const scope = house.open({ ...merchantPrincipal, grants: NO_GRANT })
      expect(await house.set({ celsius: 22 }, scope)).toEqual({ error: 'FORBIDDEN' })
      expect(house.audit).toMatchObject([
        { outcome: 'failed', codes: ['FORBIDDEN'], before: {}, after: { celsius: 22 } },
      ])
      held.open()
      await allowed
      expect(methodsOf(house)).toEqual(['GET', 'PUT'])
    }))

  it('an accepted write is NOT_APPLIED in the fields that a read shows with another value', () =>
    withHouse(async (house) => {
      house.put = (response) => {
        house.row = { ...house.row, locked: true }
        return success(response, house.row)
      }
      expect(await house.set({ celsius: 21, isLocked: true })).toEqual({
        thermostat: { celsius: 18, isLocked: true },
        userErrors: [['NOT_APPLIED', ['celsius']]],
      })
      expect(methodsOf(house)).toEqual(['GET', 'PUT', 'GET'])
      expect(house.audit).toMatchObject([{ outcome: 'partly-applied', codes: ['NOT_APPLIED'] }])
    }))

  it.each<[string, Respond]>([
    ['an error', fail],
    ['nothing, and the connection is closed', (response) => void response.destroy()],
    ['a plain no', plainNo],
    ['a yes that cannot be read', (response) => success(response, { degrees: 'warm' })],
  ])('a write is applied when a read shows the change, though the response is %s', (_, respond) =>
    withHouse(async (house) => {
      house.put = (response) => {
        house.row = { ...house.row, degrees: 21 }
        return respond(response)
      }
      expect(await house.set({ celsius: 21 })).toMatchObject({ thermostat: { celsius: 21 }, userErrors: [] })
      expect([methodsOf(house), outcomesOf(house)]).toEqual([['GET', 'PUT', 'GET'], ['applied']])
    }),
  )

  it.each<[string, Respond]>([
    ['an error', fail],
    ['nothing, and the connection is closed', (response) => void response.destroy()],
    ['a plain no', plainNo],
  ])('a write has an unknown outcome when no read shows the change and the response is %s', (_, put) =>
    withHouse(async (house) => {
      house.put = put
      expect(await house.set({ celsius: 21 })).toEqual({ error: 'UPSTREAM_OUTCOME_UNKNOWN' })
      expect(methodsOf(house)).toEqual(['GET', 'PUT', 'GET'])
      expect(house.audit).toMatchObject([
        { outcome: 'unknown', codes: ['UPSTREAM_OUTCOME_UNKNOWN'], before: { celsius: 18 }, after: { celsius: 21 } },
      ])
    }),
  )

  it('a lost write that cannot be read back has an unknown outcome', () =>
    withHouse(async (house) => {
      house.put = (response) => {
        house.row = { ...house.row, degrees: 21 }
        house.get = fail
        return fail(response)
      }
      expect(await house.set({ celsius: 21 })).toEqual({ error: 'UPSTREAM_OUTCOME_UNKNOWN' })
      expect([methodsOf(house).filter((method) => method === 'PUT'), outcomesOf(house)]).toEqual([['PUT'], ['unknown']])
    }))

  it('a write is not sent when reading has left too little time', () =>
    withHouse(async (house) => {
      house.get = (response) => {
        house.clock.move(0.7 * BUDGET_MS)
        return success(response, house.row)
      }
      expect(await house.set({ celsius: 21 })).toEqual({ error: 'WRITE_BUSY' })
      expect(methodsOf(house)).toEqual(['GET'])
      expect(house.audit).toMatchObject([{ outcome: 'failed', codes: ['WRITE_BUSY'], before: { celsius: 18 } }])
    }))

  it('a write is not sent when another holds the lock until the time is over', () =>
    withHouse(async (house) => {
      const [arrived, held] = [gate(), gate()]
      house.put = async (response) => {
        arrived.open()
        await held.opened
        house.row = { ...house.row, degrees: 21 }
        return success(response, house.row)
      }
      const first = house.set({ celsius: 21 })
      await arrived.opened
      const late = house.open()
      const second = house.set({ celsius: 22 }, late)
      late.deadline.cancel()
      expect(await second).toEqual({ error: 'WRITE_BUSY' })
      held.open()
      expect(await first).toMatchObject({ thermostat: { celsius: 21 }, userErrors: [] })
      expect(methodsOf(house)).toEqual(['GET', 'PUT'])
      expect(outcomesOf(house)).toEqual(['failed', 'applied'])
    }))

  it('a write reads again after another credential has written, and undoes nothing of it', () =>
    withHouse(async (house) => {
      const [arrived, held] = [gate(), gate()]
      house.get = async (response) => {
        delete house.get
        const { row } = house
        arrived.open()
        await held.opened
        return success(response, row)
      }
      const slow = house.set({ isLocked: true })
      await arrived.opened
      await house.set({ celsius: 21 }, house.open({ ...merchantPrincipal, credential: 'another' }))
      held.open()
      expect(await slow).toEqual({ thermostat: { celsius: 21, isLocked: true }, userErrors: [] })
      expect(methodsOf(house)).toEqual(['GET', 'GET', 'PUT', 'GET', 'PUT'])
    }))

  it('a sent write whose caller leaves goes on to its end, which its audit line has', () =>
    withHouse(async (house) => {
      const [arrived, held] = [gate(), gate()]
      house.put = async (response) => {
        arrived.open()
        await held.opened
        house.row = { ...house.row, degrees: 21 }
        return fail(response)
      }
      const leaving = house.open()
      const told = house.set({ celsius: 21 }, leaving)
      await arrived.opened
      leaving.deadline.cancel()
      expect(await told).toEqual({ error: 'UPSTREAM_OUTCOME_UNKNOWN' })
      expect(house.audit).toEqual([])
      held.open()
      await house.background.settled()
      expect([methodsOf(house), outcomesOf(house)]).toEqual([['GET', 'PUT', 'GET'], ['applied']])
    }))
})

describe('guardedWrite, by itself', () => {
  const breaks = new Error('a mistake in the mutation')
  const broken = (): never => {
    throw breaks
  }
  const writeOf = (write: Partial<PreparedWrite<object>>): GuardedWrite<object> => ({
    audit: { mutation: 'm', target: {}, changes: {}, hidden: new Set(), valuesOf: (state) => state },
    inputErrors: [],
    requires: { kind: 'public' },
    lockKey: 'm',
    notFound: userError('NOT_FOUND', 'id', 'There is none.'),
    read: async () => ({}),
    decide: () => ({
      kind: 'send',
      write: {
        send: async () => ({}),
        readBack: async () => ({}),
        compare: () => ({ different: [], absent: [] }),
        ...write,
      },
    }),
  })

  it.each<[string, Partial<PreparedWrite<object>>]>([
    ['once it was sent', { send: async () => broken() }],
    ['in judging the response', { compare: broken }],
  ])('a write whose mutation breaks %s has an unknown outcome', (_, write) =>
    withHouse(async (house) => {
      const result = await guardedWrite<object>(house.open(), writeOf(write))
      expect(result).toEqual({ kind: 'unknown', error: breaks, before: {} })
      expect(house.audit).toMatchObject([{ outcome: 'unknown', codes: ['INTERNAL_SERVER_ERROR'] }])
    }),
  )

  it('a write whose time ends before it can be sent is WRITE_BUSY', () =>
    withHouse(async (house) => {
      const send = async (): Promise<never> => {
        throw new GatewayError('REQUEST_TIMEOUT', 'The request ran out of time.')
      }
      const result = await guardedWrite<object>(house.open(), writeOf({ send }))
      expect(result).toMatchObject({ kind: 'failed', error: { code: 'WRITE_BUSY' }, before: {} })
      expect(house.audit).toMatchObject([{ outcome: 'failed', codes: ['WRITE_BUSY'] }])
    }))
})

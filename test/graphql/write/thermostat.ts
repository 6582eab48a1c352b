import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql'
import type { RequestScope } from '../../../src/graphql/scope.js'
import { compareFields } from '../../../src/graphql/write/compare-fields.js'
import { toUserErrors } from '../../../src/graphql/write/field-messages.js'
import { type Decision, guardedWrite } from '../../../src/graphql/write/guarded-write.js'
import { inputErrors, notNull, rule } from '../../../src/graphql/write/input-rules.js'
import { type Comparison, isApplied } from '../../../src/graphql/write/send-once.js'
import { type UserError, userError } from '../../../src/graphql/write/user-error.js'
import { COMMON_CODES, createUserErrorType } from '../../../src/graphql/write/user-error.type.js'
import { toPayload } from '../../../src/graphql/write/write-result.js'
import type { Deadline } from '../../../src/kernel/deadline.js'
import type { Requirement } from '../../../src/kernel/grants.js'
import { readCount, readFlag, read as readKey, wireObject } from '../../../src/upstream/json-reader.js'
import type { UpstreamRequest } from '../../../src/upstream/request.js'

/** A mutation that has nothing to do with payment links, as its author would write it with the kit. */

interface Thermostat {
  readonly celsius: number
  readonly isLocked: boolean
  readonly isWindowOpen: boolean
}

type Changes = Partial<Pick<Thermostat, 'celsius' | 'isLocked'>>

@InputType()
export class SetThermostatInput {
  @Field(() => ID)
  accountId!: string

  @Field(() => ID)
  @rule<string>('isZone', (zone) => (/^[a-z]+$/.test(zone) ? undefined : 'zone must have lower-case letters only.'))
  zone!: string

  @Field(() => Int, { nullable: true })
  @notNull
  @rule<number>('isBearable', (celsius) =>
    celsius >= 5 && celsius <= 30 ? undefined : `celsius must be from 5 to 30, but got: ${celsius}.`,
  )
  celsius?: number | null

  @Field(() => Boolean, { nullable: true })
  @notNull
  isLocked?: boolean | null
}

const OWN_CODES = { WINDOW_OPEN: 'The window is open.' } as const
type OwnCode = keyof typeof OWN_CODES

const UserErrorType = createUserErrorType<OwnCode>('SetThermostat', { ...COMMON_CODES, ...OWN_CODES })

@ObjectType('Thermostat', { simpleResolvers: true })
class ThermostatType implements Pick<Thermostat, 'celsius' | 'isLocked'> {
  @Field(() => Int)
  celsius!: number

  @Field(() => Boolean)
  isLocked!: boolean
}

@ObjectType('SetThermostatPayload', { simpleResolvers: true })
class SetThermostatPayload {
  @Field(() => ThermostatType, { nullable: true })
  thermostat!: Thermostat | null

  @Field(() => [UserErrorType])
  userErrors!: readonly UserError<OwnCode>[]
}

@Resolver()
export class ThermostatResolver {
  @Query(() => Boolean)
  isHeated(): boolean {
    return true
  }

  @Mutation(() => SetThermostatPayload, { nullable: true })
  setThermostat(
    @Arg('input', () => SetThermostatInput) input: SetThermostatInput,
    @Ctx() scope: RequestScope,
  ): Promise<SetThermostatPayload> {
    return setThermostat(scope, input)
  }
}

async function setThermostat(scope: RequestScope, input: SetThermostatInput): Promise<SetThermostatPayload> {
  const { accountId, zone, ...changes } = input as SetThermostatInput & Changes
  const api = thermostatApi(scope, input)
  const { state, userErrors } = toPayload(
    await guardedWrite<Thermostat, OwnCode>(scope, {
      audit: {
        mutation: 'setThermostat',
        target: { accountId, zone },
        changes,
        hidden: new Set(['isLocked']),
        valuesOf: (thermostat) => thermostat,
      },
      inputErrors: inputErrors(input),
      requires: setThermostats(accountId),
      lockKey: `thermostat/${accountId}/${zone}`,
      notFound: userError('NOT_FOUND', 'zone', 'There is no such zone.'),
      read: api.read,
      decide: (thermostat) => decide(thermostat, changes, api),
    }),
  )
  return { thermostat: state, userErrors }
}

function decide(
  thermostat: Thermostat,
  changes: Changes,
  { read, replace }: ReturnType<typeof thermostatApi>,
): Decision<Thermostat, OwnCode> {
  if (thermostat.isWindowOpen) {
    return { kind: 'refused', userErrors: [userError('WINDOW_OPEN', null, 'Close the window first.')] }
  }
  const compare = (state: Thermostat): Comparison => compareFields(state, changes)
  if (isApplied(compare(thermostat))) return { kind: 'unchanged' }
  return {
    kind: 'send',
    write: {
      send: (deadline) => replace({ ...thermostat, ...changes }, deadline),
      readBack: read,
      compare,
      toUserErrors: (messages) => toUserErrors(messages, { fields: new Map([['degrees', 'celsius']]), errorsMax: 10 }),
    },
  }
}

function thermostatApi(scope: RequestScope, { accountId, zone }: SetThermostatInput) {
  const request = {
    requires: setThermostats(accountId),
    path: ['thermostats', zone],
    tags: [],
    freshness: 'fresh',
    parse: parseThermostat,
  } as const
  const call = (rest: Pick<UpstreamRequest<Thermostat>, 'operation' | 'method' | 'body'>, deadline: Deadline) =>
    scope.send({ ...request, ...rest }, deadline)
  return {
    read: (deadline: Deadline) => call({ operation: 'thermostat.show', method: 'GET' }, deadline),
    replace: ({ celsius, isLocked }: Thermostat, deadline: Deadline) => {
      const body = JSON.stringify({ degrees: celsius, locked: isLocked })
      return call({ operation: 'thermostat.replace', method: 'PUT', body }, deadline)
    },
  }
}

function setThermostats(accountId: string): Requirement {
  return { kind: 'account', id: accountId, scope: { name: 'thermostats:write', allows: 'set the thermostats' } }
}

function parseThermostat(body: unknown): Thermostat {
  const data = readKey(wireObject(body, '$'), 'data', wireObject)
  return {
    celsius: readKey(data, 'degrees', readCount),
    isLocked: readKey(data, 'locked', readFlag),
    isWindowOpen: readKey(data, 'window_open', readFlag),
  }
}

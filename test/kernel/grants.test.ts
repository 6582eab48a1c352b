import { describe, expect, expectTypeOf, it } from 'vitest'
import { EVERY_GRANT, findRefusal, type Grants, grantsOf, NO_GRANT, type Requirement } from '../../src/kernel/grants.js'
import type { UpstreamRequest } from '../../src/upstream/request.js'

const READ = { name: 'things:read', allows: 'read the things' }
const ONE: Requirement = { kind: 'account', id: 'one', scope: READ }
const EVERY: Requirement = { kind: 'every-account', scope: READ }
const PUBLIC: Requirement = { kind: 'public' }

describe('findRefusal', () => {
  it.each<[string, Grants, Requirement]>([
    ['the account and the scope', grantsOf(['things:read'], ['one']), ONE],
    ['every account and the scope', grantsOf(['things:read'], '*'), ONE],
    ['every account and the scope, for a list of every account', grantsOf(['things:read'], '*'), EVERY],
    ['everything', EVERY_GRANT, EVERY],
    ['nothing, for what is public', NO_GRANT, PUBLIC],
  ])('meets a requirement with a grant of %s', (_, grants, requirement) => {
    expect(findRefusal(grants, requirement)).toBeUndefined()
  })

  it.each<[string, Grants, Requirement]>([
    ['another account', grantsOf(['things:read'], ['two']), ONE],
    ['another scope', grantsOf(['things:write'], ['one']), ONE],
    ['every account, but no scope', grantsOf([], '*'), ONE],
    ['a scope in another case', grantsOf(['Things:Read'], '*'), ONE],
    ['a scope *, which is a word like any other', grantsOf(['*'], '*'), ONE],
    ['an account *, which is an id like any other', grantsOf(['things:read'], ['*']), EVERY],
    ['single accounts, for a list of every account', grantsOf(['things:read'], ['one', 'two']), EVERY],
    ['nothing', NO_GRANT, ONE],
  ])('refuses a requirement with a grant of %s', (_, grants, requirement) => {
    expect(findRefusal(grants, requirement)).toMatch(/^The caller may not read the things of (this|every) account\.$/)
  })

  it('says in a refusal whether one account or every account was meant', () => {
    expect(findRefusal(NO_GRANT, ONE)).toBe('The caller may not read the things of this account.')
    expect(findRefusal(NO_GRANT, EVERY)).toBe('The caller may not read the things of every account.')
  })
})

describe('an upstream request', () => {
  it('does not compile an upstream request without a requirement', () => {
    expectTypeOf<Omit<UpstreamRequest<string>, 'requires'>>().not.toExtend<UpstreamRequest<string>>()
    expectTypeOf<UpstreamRequest<string>['requires']>().toEqualTypeOf<Requirement>()
  })
})

import { expect, it } from 'vitest'
import { Unreadable } from '../../src/kernel/unreadable.js'

it('stores no stack of an unreadable value or of its cause, because a cached page may hold thousands', () => {
  const { stack, cause } = new Unreadable('$.data', new Error('Expected text, but got: an array'))
  expect({ stack, cause }).toEqual({ stack: '', cause: 'Expected text, but got: an array' })
})

import { describe, expect, it } from 'vitest'
import { loadByKeyList } from '../../../src/graphql/batch/key-list.js'
import type { RequestScope } from '../../../src/graphql/scope.js'

const scope = { services: { limits: { maxKeys: 3 } } } as unknown as RequestScope

describe('loading a list of keys', () => {
  it('returns results in the order of the keys, including repeated ones', async () => {
    const load = async (key: number) => {
      await new Promise((resolve) => setTimeout(resolve, 10 - key))
      return key * 10
    }
    expect(await loadByKeyList(scope, [3, 1, 3], load)).toEqual([30, 10, 30])
  })

  it('returns an error in place of a key that fails, at once or later', async () => {
    const load = (key: number): Promise<number> => {
      if (key === 1) throw new Error('at once')
      return key === 2 ? Promise.reject(new Error('later')) : Promise.resolve(key)
    }
    expect(await loadByKeyList(scope, [1, 2, 3], load)).toEqual([new Error('at once'), new Error('later'), 3])
  })

  it('turns any thrown value into an error', async () => {
    const [failure] = await loadByKeyList(scope, [1], () => Promise.reject('words'))
    expect(failure).toBeInstanceOf(Error)
    expect((failure as unknown as Error).cause).toBe('words')
  })

  it('refuses a list of too many keys before it loads anything', async () => {
    let loads = 0
    const loading = loadByKeyList(scope, [1, 2, 3, 4], async () => (loads += 1))
    await expect(loading).rejects.toMatchObject({
      code: 'QUERY_TOO_COMPLEX',
      message: expect.stringMatching(/At most 3 .*got: 4/),
    })
    expect(loads).toBe(0)
  })

  it('loads nothing for an empty list of keys', async () => {
    expect(await loadByKeyList(scope, [], () => Promise.reject(new Error('never')))).toEqual([])
  })
})

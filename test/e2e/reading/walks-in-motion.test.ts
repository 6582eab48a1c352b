import { describe, expect, it } from 'vitest'
import { gatewayOfFile } from '../../support/gateway.js'
import { MAIN, MIDDLE, pageOf, storedIds, type Way, walk } from './walking.js'

const gateway = gatewayOfFile()

describe('a walk while others write', () => {
  it.each<[Way, number]>([
    ['forward', 7],
    ['backward', 7],
    ['forward', 25],
    ['backward', 25],
    ['forward', 40],
  ])('returns each surviving row once while others write between two pages: %s by %i', async (way, size) => {
    const { sandbox } = gateway
    const stood = new Set(storedIds(gateway, MAIN))
    let step = 0
    const seen = await walk(gateway, { accountId: MAIN, way, size }, () => {
      step += 1
      if (step > 12) return
      for (let n = 0; n < 5; n += 1) sandbox.insertLink({ accountId: MAIN })
      const links = sandbox.linksOf(MAIN)
      for (const gone of [links[0], links[step * 11], links.at(-step)]) {
        if (gone === undefined) continue
        sandbox.deleteLink(MAIN, gone.id)
        stood.delete(String(gone.id))
      }
    })
    expect([...stood].filter((id) => seen.filter((other) => other === id).length !== 1)).toEqual([])
  })

  it.each<[string, number]>([
    ['insert', 25],
    ['insert', 60],
    ['delete', 60],
  ])('returns each row once while others write during the reads of one page: %s, by %i', async (kind, size) => {
    const { sandbox } = gateway
    sandbox.behaviour.change({ ignorePerPage: true })
    const stood = new Set(storedIds(gateway, MAIN))
    let calls = 0
    const off = sandbox.beforeResponse(({ operation }) => {
      if (operation !== 'list') return
      calls += 1
      if (kind === 'insert') sandbox.insertLink({ accountId: MAIN })
      const gone = sandbox.linksOf(MAIN)[3]
      if (kind === 'delete' && calls % 3 === 0 && calls < 60 && gone) {
        sandbox.deleteLink(MAIN, gone.id)
        stood.delete(String(gone.id))
      }
    })
    try {
      const seen = await walk(gateway, { accountId: MAIN, way: 'forward', size })
      expect([...stood].filter((id) => seen.filter((other) => other === id).length !== 1)).toEqual([])
    } finally {
      off()
    }
  })

  it('continues at the first row after a cursor whose row was deleted', async () => {
    const page = await pageOf(gateway, { accountId: MIDDLE, first: 10 })
    gateway.sandbox.deleteLink(MIDDLE, Number(page.ids[9]))
    const next = await pageOf(gateway, { accountId: MIDDLE, first: 5, after: page.pageInfo.endCursor })
    expect(next.ids).toEqual(storedIds(gateway, MIDDLE).slice(9, 14))
  })
})

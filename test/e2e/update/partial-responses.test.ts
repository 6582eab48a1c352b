import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { json, success } from '../../support/with-upstream.js'
import { ROW, type Script, type Scripted, updateOver } from './scripted-upstream.js'
import { type Changes, codeOf, payloadOf, updatedOf } from './updating.js'

type Row = Readonly<Record<string, unknown>>

const without = (row: Row, ...keys: string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([key]) => !keys.includes(key)))

interface Stored {
  /** What the link is before and after the write. */
  readonly before?: Row
  readonly after: Row
  /** Keys that a single read and the response of a write lack. */
  readonly showLacks: readonly string[]
  /** Responds to the write; shows the link when left out. */
  readonly put?: (response: ServerResponse) => void
  /** Whether the list lacks the link once it was written to. */
  readonly isHiddenAfterwards?: boolean
}

/** One update of a link of which single reads show only a part, and the list everything. */
function updateOfGappy({ before = {}, after, showLacks, put, isHiddenAfterwards }: Stored, changes: Changes) {
  let row: Row = { ...ROW, ...before }
  let isWritten = false
  const script: Script = {
    put: (response) => {
      row = { ...row, ...after }
      isWritten = true
      return put ? put(response) : success(response, without(row, ...showLacks))
    },
    list: (response) => {
      const data = isWritten && isHiddenAfterwards ? [] : [row]
      json(response, 200, { status: 200, success: true, data, pagination: PAGE_OF_ONE })
    },
    row: Object.fromEntries(showLacks.map((key) => [key, undefined])),
    after: (response) => success(response, without(row, ...showLacks)),
  }
  return updateOver(script, changes)
}

const PAGE_OF_ONE = { total: 1, count: 1, perPage: 25, currentPage: 1, totalPages: 1 }

describe('a field that only the list carries', () => {
  const showLacks = ['required_customer_detail', 'optional_metadata']
  const before = { required_customer_detail: true, optional_metadata: { order: 'A-1' } }

  it.each<[string, Changes, Row]>([
    [
      'set to true',
      { status: 'CLOSED', requiredCustomerDetail: true },
      { status: 'closed', required_customer_detail: true },
    ],
    [
      'set to false',
      { status: 'CLOSED', requiredCustomerDetail: false },
      { status: 'closed', required_customer_detail: false },
    ],
    ['left alone', { status: 'CLOSED' }, { status: 'closed' }],
  ])('a field that only the list carries, %s, reads as it is stored', async (_, changes, after) => {
    const { response, puts } = await updateOfGappy({ before, after, showLacks }, changes)
    const isRequired = { ...before, ...after }.required_customer_detail
    expect(updatedOf(response)).toMatchObject({
      status: 'CLOSED',
      requiredCustomerDetail: isRequired,
      optionalMetadata: { order: 'A-1' },
    })
    expect(JSON.parse(puts[0]?.body ?? '')).toMatchObject({
      required_customer_detail: isRequired,
      optional_metadata: { order: 'A-1' },
    })
  })

  it('a field that only the list carries is not written when the list already shows the change', async () => {
    const { response, puts } = await updateOfGappy({ before, after: {}, showLacks }, { requiredCustomerDetail: true })
    expect(updatedOf(response)).toMatchObject({ requiredCustomerDetail: true })
    expect(puts).toEqual([])
  })

  it('a field that only the list carries is NOT_APPLIED when it was not stored', async () => {
    const { response } = await updateOfGappy(
      { before, after: { status: 'closed' }, showLacks },
      { status: 'CLOSED', requiredCustomerDetail: false },
    )
    expect(payloadOf(response)).toMatchObject({
      paymentLink: { status: 'CLOSED', requiredCustomerDetail: true },
      userErrors: [{ code: 'NOT_APPLIED', field: ['requiredCustomerDetail'] }],
    })
  })

  it('a changed field that no read shows after the write does not read as its old value', async () => {
    const changes = { status: 'CLOSED', optionalMetadata: { order: 'B-2' } } as const
    const after = { status: 'closed', optional_metadata: { order: 'B-2' } }
    const { response } = await updateOfGappy({ before, after, showLacks, isHiddenAfterwards: true }, changes)
    expect(response.text).not.toContain('A-1')
    expect(response.errors?.map(({ path }) => path)).toEqual([['updatePaymentLink', 'paymentLink', 'optionalMetadata']])
  })

  it('a field that only the response of the write shows, with another value, is NOT_APPLIED', async () => {
    const put = (response: ServerResponse) => success(response, { ...ROW, ...before })
    const { response } = await updateOfGappy(
      { before, after: {}, showLacks, put, isHiddenAfterwards: true },
      { optionalMetadata: { order: 'B-2' } },
    )
    expect(payloadOf(response)).toMatchObject({
      paymentLink: { optionalMetadata: { order: 'A-1' } },
      userErrors: [{ code: 'NOT_APPLIED', field: ['optionalMetadata'] }],
    })
  })
})

describe('expectedUpdatedAt of a link whose single read lacks updated_at', () => {
  const showLacks = ['updated_at']
  const changedAt = '2026-06-01T00:00:00.000Z'
  const before = { updated_at: changedAt }
  const after = { max_usage: 12 }

  it('expectedUpdatedAt is compared with the list when the single read lacks it', async () => {
    const { response } = await updateOfGappy(
      { before, after, showLacks },
      { maxUsage: 12, expectedUpdatedAt: changedAt },
    )
    expect(updatedOf(response)).toMatchObject({ maxUsage: 12 })
  })

  it.each<[string, Row, string]>([
    ['STALE when the list has another time', before, 'STALE'],
    ['REJECTED when no read has it', { updated_at: undefined }, 'REJECTED'],
  ])('expectedUpdatedAt is %s, though the link reads as never changed', async (_, stored, code) => {
    const changes = { maxUsage: 12, expectedUpdatedAt: new Date(ROW.created_at).toISOString() }
    const { response, puts } = await updateOfGappy({ before: stored, after, showLacks }, changes)
    expect(payloadOf(response).userErrors).toMatchObject([{ code, field: ['expectedUpdatedAt'] }])
    expect(puts).toEqual([])
  })
})

/** It proves nothing by itself, so the link is read back. */
const plainNo = (response: ServerResponse): void => json(response, 200, { success: false })

describe('a no without a code', () => {
  const showLacks = ['optional_metadata']

  it.each<[string, () => Promise<Scripted>]>([
    [
      'one field was written, and another was not read before',
      () =>
        updateOfGappy(
          { before: { optional_metadata: { a: 1 } }, after: { status: 'closed' }, showLacks, put: plainNo },
          { status: 'CLOSED', maxUsage: 12, optionalMetadata: { b: 2 } },
        ),
    ],
    [
      'one field was written, and another was changed by somebody else',
      () =>
        updateOfGappy(
          { after: { status: 'closed', max_usage: 11 }, showLacks, put: plainNo },
          { status: 'CLOSED', maxUsage: 10 },
        ),
    ],
    [
      'no read shows the change',
      () =>
        updateOfGappy(
          { after: { optional_metadata: { b: 2 } }, showLacks, put: plainNo, isHiddenAfterwards: true },
          { status: 'CLOSED', optionalMetadata: { b: 2 } },
        ),
    ],
  ])('a refusal without a code is not believed when %s', async (_, run) => {
    const { response, puts } = await run()
    expect(codeOf(response)).toBe('UPSTREAM_OUTCOME_UNKNOWN')
    expect(puts).toHaveLength(1)
  })

  it('a refusal without a code is believed when every field of the change reads as before', async () => {
    const { response } = await updateOfGappy(
      { before: { optional_metadata: { a: 1 } }, after: {}, showLacks, put: plainNo },
      { status: 'CLOSED', maxUsage: 10, optionalMetadata: { b: 2 } },
    )
    expect(payloadOf(response)).toMatchObject({
      paymentLink: { status: 'OPEN', optionalMetadata: { a: 1 } },
      userErrors: [{ code: 'REJECTED', field: null }],
    })
  })
})

import { setImmediate } from 'node:timers/promises'
import { afterAll, expect } from 'vitest'
import {
  PaymentLinkDocument,
  PaymentLinksDocument,
  UpdatePaymentLinkDocument,
  type UpdatePaymentLinkMutation,
} from '../../src/client/graphql.js'
import type { LinkRecord } from '../../src/resources/payment-link/sandbox/records.js'
import type { FaultKind, FaultRule } from '../../src/sandbox/faults.js'
import { type GatewayResponse, gatewayOfFile, type TestGateway } from '../support/gateway.js'
import { INSIDE, RETRYABLE } from './fault-table.js'

/** Long enough for any call that gets a response on a busy machine, short enough to wait for those that do not. */
const ATTEMPT_MS = 900
const REQUEST_MS = 3600

export const ACCOUNT = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'

/** A gateway with short timeouts for the tests of a file. At the end, none of its sockets and timers may be left. */
export function faultyGateway(): TestGateway {
  const handlesBefore = handles()
  // `afterAll` hooks run in reverse, so the gateway has stopped by then.
  afterAll(() => untilFreed(handlesBefore))
  return gatewayOfFile({ env: { UPSTREAM_TIMEOUT_MS: `${ATTEMPT_MS}`, REQUEST_TIMEOUT_MS: `${REQUEST_MS}` } })
}

/** Bodies are large enough to be over the limit and small enough to be made in time. */
export function ruleOf(kind: FaultKind, rule: Omit<FaultRule, 'kind'>): FaultRule {
  return { ...rule, kind, ...(kind === 'gzip-bomb' || kind === 'huge' ? { bytes: 9 * 1024 * 1024 } : {}) }
}

export function askList(gateway: TestGateway): Promise<GatewayResponse<unknown>> {
  return gateway.request(PaymentLinksDocument, { accountId: ACCOUNT, first: 3 })
}

export function askShow(gateway: TestGateway, id: number): Promise<GatewayResponse<unknown>> {
  return gateway.request(PaymentLinkDocument, { accountId: ACCOUNT, id: String(id) })
}

/** An update of `maxUsage`. */
export function askRaise(
  gateway: TestGateway,
  id: number,
  maxUsage: number,
): Promise<GatewayResponse<UpdatePaymentLinkMutation>> {
  return gateway.request(UpdatePaymentLinkDocument, { input: { accountId: ACCOUNT, id: String(id), maxUsage } })
}

/** Compares a response with the table: the code, `retryable`, and no internals. */
export function expectOutcome({ errors, data, text, status }: GatewayResponse<unknown>, code: string): void {
  expect(status).toBe(200)
  expect(text.replaceAll(/"paymentUrl":"[^"]*"/g, '').replaceAll(/"redirectUrl":"[^"]*"/g, '')).not.toMatch(INSIDE)
  if (code === 'ok' || code === 'REJECTED') {
    // A link shown with a refusal may lack its metadata because of the same fault.
    const isMetadata = ({ path }: { readonly path?: readonly unknown[] }) => path?.at(-1) === 'optionalMetadata'
    expect(errors?.filter((error) => code === 'ok' || !isMetadata(error)) ?? [], text).toEqual([])
    const codes = JSON.stringify(data).matchAll(/"code":"(\w+)"/g)
    expect(Array.from(codes, ([, found]) => found)).toEqual(code === 'ok' ? [] : [code])
    return
  }
  expect(errors, text).toHaveLength(1)
  expect(errors?.[0]?.extensions).toMatchObject({ code, retryable: RETRYABLE[code] })
  expect(Object.values(data ?? {})).toEqual([null])
}

/** Expects that no upstream call is in flight. */
export async function expectIdle(gateway: TestGateway): Promise<void> {
  await expect.poll(() => gateway.sandbox.log.entries.filter(({ endedAtMs }) => endedAtMs === null)).toEqual([])
}

export function plant(gateway: TestGateway): LinkRecord {
  return gateway.sandbox.insertLink({ accountId: ACCOUNT, maxUsage: 10, metadata: { keep: 1 } })
}

export function stored(gateway: TestGateway, id: number): LinkRecord | undefined {
  return gateway.sandbox.linksOf(ACCOUNT).find((link) => link.id === id)
}

/** The upstream's status for each write. */
export function putStatuses(gateway: TestGateway): readonly (number | null)[] {
  return gateway.sandbox.log.entries.filter(({ method }) => method === 'PUT').map(({ status }) => status)
}

/** Sockets and timers that keep this process alive. */
function handles(): number {
  return process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout/.test(kind)).length
}

/** Waits, without a timer of its own, until as few handles are left as there were. */
async function untilFreed(handlesBefore: number): Promise<void> {
  const endsAt = performance.now() + 10_000
  // One of them is the test runner's own timer for this hook.
  while (handles() > handlesBefore + 1) {
    if (performance.now() > endsAt) throw new Error(`Left open: ${process.getActiveResourcesInfo().join(', ')}`)
    await setImmediate()
  }
}

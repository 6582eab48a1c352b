import type { FaultKind } from '../../src/sandbox/faults.js'

/**
 * The outcome when every call of a route meets a fault: an error code, or `ok`. Written from the contract, not from the
 * gateway: "no answer in time" is UPSTREAM_TIMEOUT, "5xx, network" UPSTREAM_UNAVAILABLE, "not JSON, wrong shape,
 * redirect, over the size limit" UPSTREAM_MALFORMED, "`success: false`" UPSTREAM_REJECTED. The content type does not
 * matter: JSON is JSON.
 */
export interface Expected {
  /** A GET that meets the fault every time: list, show. */
  readonly read: string
  /** The token route: "403 of the token route", "credentials are refused". */
  readonly token: string
  /** A PUT that meets the fault and is not applied: "a 5xx on a PUT is a lost answer and is read back". */
  readonly lostWrite: string
  /** A PUT that meets the fault and is applied: reading back shows it. Absent where the upstream definitely refused. */
  readonly doneWrite?: 'ok'
}

const same = (code: string, lostWrite: string, doneWrite?: 'ok'): Expected => ({
  read: code,
  token: code,
  lostWrite,
  ...(doneWrite === undefined ? {} : { doneWrite }),
})
const UNKNOWN = 'UPSTREAM_OUTCOME_UNKNOWN'

export const FAULT_TABLE: Readonly<Record<FaultKind, Expected>> = {
  latency: same('ok', 'ok', 'ok'),
  hang: same('UPSTREAM_TIMEOUT', UNKNOWN, 'ok'),
  reset: same('UPSTREAM_UNAVAILABLE', UNKNOWN, 'ok'),
  // These six apply the call by themselves.
  'reset-after-write': same('UPSTREAM_UNAVAILABLE', 'ok', 'ok'),
  drip: same('UPSTREAM_TIMEOUT', 'ok', 'ok'),
  truncated: same('UPSTREAM_MALFORMED', 'ok', 'ok'),
  cut: same('UPSTREAM_UNAVAILABLE', 'ok', 'ok'),
  'wrong-content-type': same('ok', 'ok', 'ok'),
  'invalid-utf8': same('UPSTREAM_MALFORMED', 'ok', 'ok'),
  'html-500': same('UPSTREAM_UNAVAILABLE', UNKNOWN, 'ok'),
  'json-500': same('UPSTREAM_UNAVAILABLE', UNKNOWN, 'ok'),
  'empty-502': same('UPSTREAM_UNAVAILABLE', UNKNOWN, 'ok'),
  'empty-503': same('UPSTREAM_UNAVAILABLE', UNKNOWN, 'ok'),
  'rate-limited': same('RATE_LIMITED', 'RATE_LIMITED'),
  unauthorised: same('UPSTREAM_UNAUTHENTICATED', 'UPSTREAM_UNAUTHENTICATED'),
  'request-timeout': same('UPSTREAM_TIMEOUT', UNKNOWN, 'ok'),
  redirect: same('UPSTREAM_MALFORMED', UNKNOWN, 'ok'),
  'gzip-bomb': same('UPSTREAM_MALFORMED', UNKNOWN, 'ok'),
  huge: same('UPSTREAM_MALFORMED', UNKNOWN, 'ok'),
  // On the token route, any refusal that is not temporary is a refusal of the gateway's credentials. On a write, the
  // code of both does not say whether it was applied.
  'success-false': { ...same('UPSTREAM_REJECTED', UNKNOWN, 'ok'), token: 'UPSTREAM_UNAUTHENTICATED' },
  'sp-envelope': { ...same('UPSTREAM_REJECTED', UNKNOWN, 'ok'), token: 'UPSTREAM_UNAUTHENTICATED' },
  'no-content': same('UPSTREAM_MALFORMED', UNKNOWN, 'ok'),
}

/** The column `retryable` of the contract. */
export const RETRYABLE: Readonly<Record<string, boolean>> = {
  RATE_LIMITED: true,
  REQUEST_TIMEOUT: true,
  UPSTREAM_TIMEOUT: true,
  UPSTREAM_UNAVAILABLE: true,
  WRITE_BUSY: true,
  UPSTREAM_UNAUTHENTICATED: false,
  UPSTREAM_REJECTED: false,
  UPSTREAM_MALFORMED: false,
  UPSTREAM_OUTCOME_UNKNOWN: false,
}

/** What no response may contain: hosts, ports, paths, stack traces, tokens and the upstream's own messages. */
export const INSIDE =
  /127\.0\.0\.1|localhost:\d|example\.com|\/api\/|v1\.0|payment-link-manage|access-token|\.ts:\d|\.js:\d|\bat .*\(|node_modules|Bearer|eyJ|ECONN|EPIPE|Server Error|Too Many Attempts|please sign in|General failure|Transaction failed|Request Timeout|Redirecting|<h1>|SP00\d/

import { GatewayError } from '../kernel/errors.js'
import { type LoadPath, Sharers } from '../kernel/fair-slots.js'
import type { CallContext, UpstreamRequest } from './request.js'

/** What happened to a call so far: written by the steps, read for the log and when the call runs out of time. */
export interface Trace {
  /** Where the response came from; `flight` is a read in flight that this call joined. */
  source: 'upstream' | 'cache' | 'flight'
  /** How often the upstream was called. */
  attempts: number
  /** The last failure before a retry: it says more than "out of time". */
  failure: GatewayError | undefined
}

export interface Call extends CallContext {
  readonly trace: Trace
  /** All requests the call is made for: each queues for it. */
  readonly sharers: Sharers
}

/** A 2xx response whose envelope says success. */
export interface SuccessfulResponse {
  readonly httpStatus: number
  /** The whole JSON body. */
  readonly body: unknown
  /** Size of the body as JSON text. */
  readonly sizeBytes: number
}

export interface ParsedResponse<T> extends Omit<SuccessfulResponse, 'body'> {
  readonly value: T
}

/** A step inside `parsing`: it passes on the body as it came. */
export type RawStep = (request: UpstreamRequest<unknown>, call: Call) => Promise<SuccessfulResponse>

/** A step outside `parsing`: it passes on the parsed value. */
export type Step = <T>(request: UpstreamRequest<T>, call: Call) => Promise<ParsedResponse<T>>

export function startCall(context: CallContext): Call {
  const sharers = new Sharers()
  sharers.add(loadPathOf(context))
  return { ...context, trace: { source: 'upstream', attempts: 0, failure: undefined }, sharers }
}

/** The caller and the request that a call counts as load of. */
export function loadPathOf({ principal, requestId }: CallContext): LoadPath {
  return [principal.caller, requestId]
}

export function isOver({ deadline }: Call): boolean {
  return deadline.signal.aborted || deadline.remainingMs() <= 0
}

/** The error of a call that ran out of time: the last failure before a retry, or else why its deadline ended. */
export function outOfTime({ deadline, trace }: Call): GatewayError {
  if (trace.failure !== undefined) return trace.failure
  const reason: unknown = deadline.signal.reason
  return reason instanceof GatewayError ? reason : new GatewayError('REQUEST_TIMEOUT', 'The request ran out of time.')
}

/** Waits for work that others share: when this call's time ends it stops waiting, and the work goes on. */
export function waitFor<T>(work: Promise<T>, call: Call): Promise<T> {
  const { signal } = call.deadline
  return new Promise((resolve, reject) => {
    const leave = () => reject(outOfTime(call))
    const settled = () => signal.removeEventListener('abort', leave)
    work.then(resolve, reject).finally(settled)
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
  })
}

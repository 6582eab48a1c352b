import { GatewayError } from '../kernel/errors.js'
import { type Path, Sharers } from '../kernel/fair-slots.js'
import type { CallContext, UpstreamAnswer, UpstreamRequest } from './request.js'

/** What a call has met on its way: written by the steps it passes, read by the log and by whoever stops waiting. */
export interface Trace {
  /** Where the answer came from: asked for, kept from before, or asked for by somebody else at the same time. */
  source: 'upstream' | 'cache' | 'flight'
  /** How often the upstream was asked. */
  attempts: number
  /** The last failure that was going to be tried again: it says more than "out of time". */
  failure: GatewayError | undefined
}

export interface Call extends CallContext {
  readonly trace: Trace
  /** Everybody it is made for: each of them stands in line for it. */
  readonly sharers: Sharers
}

export interface Received extends UpstreamAnswer {
  /** Of the body as JSON text. */
  readonly sizeBytes: number
}

/** One step of the chain: does its part and leaves the rest to the next. */
export type Step = (request: UpstreamRequest, call: Call) => Promise<Received>

export function startCall(context: CallContext): Call {
  const sharers = new Sharers()
  sharers.add(lineOf(context))
  return { ...context, trace: { source: 'upstream', attempts: 0, failure: undefined }, sharers }
}

/** Whose load a call is. */
export function lineOf({ principal, requestId }: CallContext): Path {
  return [principal.caller, requestId]
}

export function isOver({ deadline }: Call): boolean {
  return deadline.signal.aborted || deadline.remainingMs() <= 0
}

/** Why a call whose time is over ends: by the failure already seen, else by the reason its time ended for. */
export function outOfTime({ deadline, trace }: Call): GatewayError {
  if (trace.failure !== undefined) return trace.failure
  const reason: unknown = deadline.signal.reason
  return reason instanceof GatewayError ? reason : new GatewayError('REQUEST_TIMEOUT', 'The request ran out of time.')
}

/** Waits for work that belongs to others as well: when this call's time ends it leaves, and the work goes on. */
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

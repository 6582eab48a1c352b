/** What may be logged about an error. */
export interface ErrorDescription {
  readonly name: string
  readonly code?: string
  /** Only for errors raised by the JavaScript engine: other messages may quote an upstream body, a host or a token. */
  readonly message?: string
  /** This program's frames, innermost first: `findLink (resources/payment-link/payment-link.resolver.js:23)`. */
  readonly at: readonly string[]
  readonly cause?: ErrorDescription
}

/** Describes where an error was raised, without paths of this machine and without text from outside. */
export function describeError(error: unknown): ErrorDescription {
  return describe(error, CAUSES_MAX)
}

const CAUSES_MAX = 3
const FRAMES_MAX = 8
/** `    at async updatePaymentLink (file:///…/src/resources/….ts:23:7)`, or without the name and parentheses. */
const FRAME = /^\s+at (?:async )?(?:([^(]+) \()?([^()]+)\)?$/
const OWN_FOLDER = /\/(?:dist|src|test)\//
const PLACE = /^([^:]+:\d+):\d+$/

function describe(error: unknown, causesLeft: number): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, at: [] }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    ...(isRaisedByEngine(error) ? { message: error.message } : {}),
    at: ownFrames(error),
    ...(error.cause instanceof Error && causesLeft > 0 ? { cause: describe(error.cause, causesLeft - 1) } : {}),
  }
}

/** A `TypeError` from Node or a library has a code and may quote its input, as one about an invalid URL does. */
function isRaisedByEngine(error: Error): boolean {
  return !('code' in error) && [TypeError, RangeError, ReferenceError].some((type) => error.constructor === type)
}

function ownFrames(error: Error): string[] {
  // The message comes first and may contain lines that look like frames.
  const frames = (error.stack ?? '').replace(error.message, '').split('\n')
  return frames
    .filter((line) => !line.includes('node_modules'))
    .map(ownFrame)
    .filter((frame) => frame !== undefined)
    .slice(0, FRAMES_MAX)
}

function ownFrame(line: string): string | undefined {
  const [, name = 'anonymous', address = ''] = FRAME.exec(line) ?? []
  const [inside = '', outside] = address.split(OWN_FOLDER).reverse()
  const place = outside === undefined ? undefined : PLACE.exec(inside)?.[1]
  return place === undefined ? undefined : `${name} (${place})`
}

import { GatewayError } from '../kernel/errors.js'

/** What one operation may be made of, by the names of the settings. */
export interface OperationLimits {
  readonly maxTokens: number
  readonly maxDepth: number
  readonly maxAliases: number
  readonly maxRootFields: number
  readonly maxDirectives: number
  readonly maxKeys: number
  readonly maxUpstreamCalls: number
  readonly maxAnswerBytes: number
  /** What one `JSONObject` is taken to have. */
  readonly maxMetadataBytes: number
}

/** A figure that may be over its limit. */
export interface Figure {
  /** As the setting is called: `MAX_DEPTH`. */
  readonly name: string
  readonly limit: number
  readonly figure: number
  /** What is counted, where the setting's name does not say it. */
  readonly of?: string
}

/** Refuses what is over a limit, all of it in one sentence; undefined when nothing is. */
export function refusalOver(figures: readonly Figure[]): GatewayError | undefined {
  const over = figures.filter(({ figure, limit }) => figure > limit)
  if (over.length === 0) return undefined
  return new GatewayError('QUERY_TOO_COMPLEX', `${over.map(describe).join('; ')}.`)
}

/** Fragments in fragments make figures that no one can read. */
const FIGURE_SHOWN_MAX = 1_000_000_000_000

function describe({ name, limit, figure, of }: Figure): string {
  const got = figure > FIGURE_SHOWN_MAX ? `more than ${FIGURE_SHOWN_MAX}` : String(figure)
  return `${name}: at most ${limit}${of === undefined ? '' : ` ${of}`}, but got ${got}`
}

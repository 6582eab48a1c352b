import ts from 'typescript'
import { compilePattern, type Pattern, type Piece } from './pattern-engine.js'
import { sourceFiles } from './source-rules.js'

/** A regular expression as it is written in the source. */
export interface FoundPattern {
  /** Relative to src/: `resources/account-facts/account-id.ts`. */
  readonly path: string
  readonly source: string
  readonly flags: string
}

/** Every regular expression of `src/`: literals, and calls of `RegExp`. */
export function findPatterns(): FoundPattern[] {
  return sourceFiles().flatMap(({ path, text }) => patternsIn(path, text))
}

/** @throws Error for a `RegExp` whose source is not a literal */
export function patternsIn(path: string, text: string): FoundPattern[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const found: FoundPattern[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/')
      found.push({ path, source: node.text.slice(1, end), flags: node.text.slice(end + 1) })
    }
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText(file) === 'RegExp') {
      const [source, flags] = node.arguments ?? []
      found.push({ path, source: textOf(source, path), flags: flags === undefined ? '' : textOf(flags, path) })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** An expression inside a template is assumed to give words. */
function textOf(node: ts.Expression | undefined, path: string): string {
  if (node !== undefined && ts.isStringLiteralLike(node)) return node.text
  if (node === undefined || !ts.isTemplateExpression(node)) {
    throw new Error(`${path}: the source of a RegExp must be a literal, or it cannot be checked`)
  }
  return node.head.text + node.templateSpans.map(({ literal }) => `some words${literal.text}`).join('')
}

/** A text on which the pattern takes more than linear time; undefined if none was found. */
export function findSlowText({ source, flags }: Pick<FoundPattern, 'source' | 'flags'>): string | undefined {
  const pattern = compilePattern(source, flags)
  return repetitionsOf(pattern.pieces)
    .map(({ lead, unit }) => slowest(pattern, lead, unit))
    .find((text) => text !== undefined)
}

interface Repetition {
  readonly lead: string
  readonly unit: string
}

const SHORT = 64
const LONG = 4 * SHORT
/** Steps for the long text divided by those for the short one: 4 for linear growth, 16 for quadratic. */
const RATIO_MAX = 6
/** Endings that let a match begin or go on but not complete. */
const TAILS = ['', '\u0000', '\n']

function slowest(pattern: Pattern, lead: string, unit: string): string | undefined {
  return TAILS.map((tail) => {
    const textOf = (length: number) => lead + unit.repeat(Math.ceil(length / unit.length)) + tail
    const [long, short] = [stepsOf(pattern, textOf(LONG)), stepsOf(pattern, textOf(SHORT))]
    const isSlow = long === Number.POSITIVE_INFINITY || long > RATIO_MAX * short
    return isSlow ? `${JSON.stringify(lead)} + ${JSON.stringify(unit)} repeated + ${JSON.stringify(tail)}` : undefined
  }).find((text) => text !== undefined)
}

function stepsOf(pattern: Pattern, text: string): number {
  try {
    return Math.max(pattern.run(text).steps, text.length)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** How many parts before and after a repeated one the repeated text may include. */
const REACH = 6

/**
 * Texts to repeat that the pattern nearly matches: each repeated part alone and with its neighbours, in several of the characters
 * that the parts match, with and without the text that leads up to it.
 */
function repetitionsOf(pieces: readonly Piece[]): readonly Repetition[] {
  const found = new Map<string, Repetition>()
  for (const [at, { isRepeated }] of pieces.entries()) {
    if (!isRepeated) continue
    const starts = [0, ...range(at - REACH, at)].filter((start) => start >= 0)
    const windows = starts.flatMap((start) =>
      range(Math.max(start, at - 1), at + REACH).map((end) => [start, end] as const),
    )
    for (const [start, end] of windows) {
      for (const choice of [0, 1, 2]) {
        const unit = wordOf(pieces.slice(start, end + 1), choice)
        for (const lead of ['', wordOf(pieces.slice(0, start), choice)]) found.set(`${lead}\n${unit}`, { lead, unit })
      }
    }
    for (const character of pieces[at]?.takes ?? '')
      found.set(character, { lead: wordOf(pieces.slice(0, at), 0), unit: character })
  }
  return [...found.values()].filter(({ unit }) => unit !== '')
}

function wordOf(pieces: readonly Piece[], choice: number): string {
  return pieces.map(({ takes }) => takes.charAt(choice % Math.max(1, takes.length))).join('')
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
}

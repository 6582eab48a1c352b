/**
 * A backtracking regular expression engine that counts its steps. It backtracks as V8's engine does, so a pattern whose steps
 * grow faster than its input shows on short inputs, without a clock.
 */
export interface Pattern {
  readonly pieces: readonly Piece[]
  /** Finds the first match, as `exec` does. @throws Error after `STEPS_MAX` steps */
  run(text: string): { readonly steps: number; readonly found: string | undefined }
}

/** A part of the pattern that matches one character. */
export interface Piece {
  /** Some of the characters that it matches. */
  readonly takes: string
  /** Whether it is inside a group that may repeat more than `FEW` times. */
  isRepeated: boolean
}

/** @throws Error for what this engine does not support: backreferences, long lookbehinds, sticky matching, nested classes */
export function compilePattern(source: string, flags: string): Pattern {
  const parser = new Parser(source, flags)
  const root = parser.alternatives()
  return {
    pieces: parser.pieces,
    run: (text) => {
      const run: Run = { text, steps: 0 }
      for (let start = 0; start <= text.length; start += 1) {
        const ends: number[] = []
        if (root(run, start, (at) => ends.push(at) > 0)) return { steps: run.steps, found: text.slice(start, ends[0]) }
      }
      return { steps: run.steps, found: undefined }
    },
  }
}

const STEPS_MAX = 1_000_000
/** A part that repeats no more often than this takes a bounded number of steps per character. */
const FEW = 20

interface Run {
  readonly text: string
  steps: number
}

/** Whether the text matches from `at` on, including what follows. */
type Node = (run: Run, at: number, then: (at: number) => boolean) => boolean

interface Quantifier {
  readonly min: number
  readonly max: number
  readonly isLazy: boolean
}

class Parser {
  readonly pieces: Piece[] = []
  #at = 0

  constructor(
    private readonly source: string,
    private readonly flags: string,
  ) {
    if (/[ymsv]/.test(flags)) throw new Error(`/${source}/${flags}: these flags are not supported`)
  }

  alternatives(): Node {
    const options = [this.#sequence()]
    while (this.#take('|')) options.push(this.#sequence())
    return (run, at, then) => options.some((option) => option(run, at, then))
  }

  #sequence(): Node {
    const nodes: Node[] = []
    while (this.#at < this.source.length && !/[|)]/.test(this.source.charAt(this.#at))) nodes.push(this.#quantified())
    return (run, at, then) => {
      const step = (index: number, at: number): boolean => {
        const node = nodes[index]
        return node === undefined ? then(at) : node(run, at, (next) => step(index + 1, next))
      }
      return step(0, at)
    }
  }

  #quantified(): Node {
    const first = this.pieces.length
    const node = this.#atom()
    const quantifier = this.#quantifier()
    if (quantifier === undefined) return node
    const { min, max, isLazy } = quantifier
    if (max > FEW) for (const piece of this.pieces.slice(first)) piece.isRepeated = true
    return (run, at, then) => {
      const repeat = (count: number, at: number): boolean => {
        const again = () =>
          count < max && node(run, at, (next) => (next > at || count < min) && repeat(count + 1, next))
        if (count < min) return again()
        return isLazy ? then(at) || again() : again() || then(at)
      }
      return repeat(0, at)
    }
  }

  #quantifier(): Quantifier | undefined {
    const [token, simple, min, comma, max] =
      /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})/.exec(this.source.slice(this.#at)) ?? []
    if (token === undefined) return undefined
    this.#at += token.length
    const isLazy = this.#take('?')
    const least = simple === undefined ? Number(min) : simple === '+' ? 1 : 0
    const endless = simple === undefined ? comma !== undefined && max === '' : simple !== '?'
    const most = endless ? Number.POSITIVE_INFINITY : simple === '?' ? 1 : Number(max ?? min)
    return { min: least, max: most, isLazy }
  }

  #atom(): Node {
    if (this.#take('(?:')) return this.#closed(this.alternatives())
    if (this.#take('(?=')) return ahead(this.#closed(this.alternatives()), true)
    if (this.#take('(?!')) return ahead(this.#closed(this.alternatives()), false)
    if (this.#take('(?<=')) return behind(this.#notRepeated(), true)
    if (this.#take('(?<!')) return behind(this.#notRepeated(), false)
    const [named] = /^\(\?<\w+>/.exec(this.source.slice(this.#at)) ?? []
    if (named !== undefined) this.#at += named.length
    if (named !== undefined || this.#take('(')) return this.#closed(this.alternatives())
    return this.#single()
  }

  /** A lookbehind must be short, because every length is tried. */
  #notRepeated(): Node {
    const first = this.pieces.length
    const node = this.#closed(this.alternatives())
    const isRepeated = this.pieces.slice(first).some((piece) => piece.isRepeated)
    if (isRepeated) throw new Error(`/${this.source}/ has a lookbehind without a short bound`)
    return node
  }

  #single(): Node {
    const [token] = SINGLE.exec(this.source.slice(this.#at)) ?? ['']
    this.#at += token.length
    if (token === '^') return (_run, at, then) => at === 0 && then(at)
    if (token === '$') return (run, at, then) => at === run.text.length && then(at)
    if (token === '\\b' || token === '\\B') return boundary(token === '\\b')
    if (/^\\[1-9k]/.test(token)) throw new Error(`/${this.source}/ has a backreference`)
    return this.#character(token)
  }

  #character(token: string): Node {
    const one = new RegExp(`^(?:${token})$`, this.flags.replace('g', ''))
    const known = new Map<string, boolean>()
    const takes = (character: string): boolean => {
      const is = known.get(character) ?? one.test(character)
      known.set(character, is)
      return is
    }
    // A broad class also matches the characters of other parts.
    const own = [...token].filter(takes)
    this.pieces.push({ takes: [...ALPHABET.filter(takes), ...own].join(''), isRepeated: false })
    return (run, at, then) => {
      run.steps += 1
      if (run.steps > STEPS_MAX) throw new Error(`more than ${STEPS_MAX} steps`)
      return at < run.text.length && takes(run.text.charAt(at)) && then(at + 1)
    }
  }

  #closed(node: Node): Node {
    if (!this.#take(')')) throw new Error(`/${this.source}/ has an unclosed group`)
    return node
  }

  #take(text: string): boolean {
    const is = this.source.startsWith(text, this.#at)
    if (is) this.#at += text.length
    return is
  }
}

/** A character class, an escape or a literal character. */
const SINGLE = /^(?:\[(?:[^\]\\]|\\.)*\]|\\(?:u\{\w+\}|u\w{4}|x\w\w|[pP]\{[^}]*\}|.)|.)/s

const ALPHABET = [...'a0 A.-/:"\\é\n']

function ahead(node: Node, expected: boolean): Node {
  return (run, at, then) => node(run, at, () => true) === expected && then(at)
}

function behind(node: Node, expected: boolean): Node {
  return (run, at, then) => {
    const starts = Array.from({ length: Math.min(FEW, at) + 1 }, (_, width) => at - width)
    return starts.some((start) => node(run, start, (end) => end === at)) === expected && then(at)
  }
}

function boundary(expected: boolean): Node {
  const isWord = (character: string) => /\w/.test(character)
  return (run, at, then) => {
    run.steps += 1
    const is = isWord(run.text.charAt(at - 1)) !== isWord(run.text.charAt(at))
    return is === expected && then(at)
  }
}

import { GraphQLError, Lexer, Source, TokenKind } from 'graphql'

/** The size of an operation's text, known before anything is built from it. */
export interface TextSize {
  /**
   * Lexical tokens, and one for each comment, counted no further than just past the limit; at least the length of the text
   * divided by 32.
   */
  readonly tokens: number
  /** The deepest nesting of brackets of any kind. */
  readonly nesting: number
}

/** Measures a text before parsing takes memory for it. Stops where the text is no longer GraphQL: the parser reports that. */
export function measureText(text: string, tokensMax: number): TextSize {
  const byLength = Math.ceil(text.length / CHARACTERS_PER_TOKEN)
  if (byLength > tokensMax) return { tokens: byLength, nesting: 0 }
  // The lexer keeps comments in memory but does not return them.
  let tokens = countComments(text, tokensMax)
  let nesting = 0
  const lexer = new Lexer(new Source(text))
  try {
    for (let open = 0; tokens <= tokensMax; tokens += 1) {
      const { kind } = lexer.advance()
      if (kind === TokenKind.EOF) break
      if (OPENING.has(kind)) open += 1
      if (CLOSING.has(kind)) open -= 1
      nesting = Math.max(nesting, open)
    }
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
  }
  return { tokens: Math.max(tokens, byLength), nesting }
}

/** About three times the average of indented text. A block string of a megabyte takes the lexer 100 ms. */
const CHARACTERS_PER_TOKEN = 32

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L])
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R])

/** Counts a `#` inside a string too: telling the two apart would take a lexer. */
function countComments(text: string, max: number): number {
  let count = 0
  for (let at = text.indexOf('#'); at >= 0 && count <= max; at = text.indexOf('#', at + 1)) count += 1
  return count
}

import { GraphQLError, Lexer, Source, TokenKind } from 'graphql'

/** What can be told of an operation's text without building anything from it. */
export interface Scan {
  /** Lexical tokens, and comments by their mark; of a text with long ones, its length. Counting ends past the limit. */
  readonly tokens: number
  /** Brackets of any kind inside one another, at most. */
  readonly nesting: number
}

/** Counts before parsing costs memory. Stops where the text is no GraphQL: the parser says what is wrong there. */
export function scan(text: string, tokensMax: number): Scan {
  const byLength = Math.ceil(text.length / TOKEN_CHARS)
  if (byLength > tokensMax) return { tokens: byLength, nesting: 0 }
  // The lexer keeps every comment in memory and shows none of them.
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

/** Some three times what a token takes in indented text; a block string of a megabyte takes the lexer 100 ms. */
const TOKEN_CHARS = 32

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L])
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R])

/** A mark inside a string counts, too: telling them apart would be lexing. */
function countComments(text: string, max: number): number {
  let count = 0
  for (let at = text.indexOf('#'); at >= 0 && count <= max; at = text.indexOf('#', at + 1)) count += 1
  return count
}

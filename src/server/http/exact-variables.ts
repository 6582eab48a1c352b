import { isLosslessNumber } from 'lossless-json'
import { excerpt } from '../../kernel/excerpt.js'
import { couldLoseDigits, parseJson } from '../../upstream/json/json.js'

/**
 * Describes the first number in the variables that a double cannot hold: rounded, an id would name another link.
 * Undefined when every number is exact, and for text that is not JSON, which is refused elsewhere.
 *
 * @param json the body of a POST, or `{ "variables": … }` built from a GET
 */
export function findInexactVariable(json: string): string | undefined {
  if (!couldLoseDigits(json)) return undefined
  try {
    const body = parseJson(json)
    return typeof body === 'object' && body !== null && 'variables' in body
      ? describeInexact(body.variables)
      : undefined
  } catch (error) {
    return error instanceof RangeError
      ? 'The variables contain too many numbers with more digits than a double can hold.'
      : undefined
  }
}

interface JsonNode {
  readonly value: unknown
  readonly key: string
  readonly parent?: JsonNode
}

function describeInexact(variables: unknown): string | undefined {
  const stack: JsonNode[] = [{ value: variables, key: 'variables' }]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const { value } = node
    if (isLosslessNumber(value)) {
      return `${excerpt(dottedPathOf(node))}: expected a number that a double can hold (send ids as strings), but got: ${excerpt(String(value))}.`
    }
    if (typeof value !== 'object' || value === null) continue
    for (const [key, child] of Object.entries(value)) stack.push({ value: child, key, parent: node })
  }
  return undefined
}

/** Built only when needed: storing a path on every node of a deeply nested value would take quadratic space. */
function dottedPathOf(node: JsonNode): string {
  const keys: string[] = []
  for (let at: JsonNode | undefined = node; at !== undefined; at = at.parent) keys.push(at.key)
  return keys.reverse().join('.')
}

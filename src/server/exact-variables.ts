import { isLosslessNumber } from 'lossless-json'
import { excerpt } from '../kernel/excerpt.js'
import { couldLoseDigits, parseJson } from '../upstream/json.js'

/**
 * Says which number of the variables a double cannot hold: read as one, an id would name another link. Undefined where
 * every number is exact, and for text that is not JSON, which is for others to refuse.
 *
 * @param json the whole body of a POST, or `{ "variables": … }` made of what a GET brings
 */
export function findInexactVariable(json: string): string | undefined {
  if (!couldLoseDigits(json)) return undefined
  try {
    const body = parseJson(json)
    return typeof body === 'object' && body !== null && 'variables' in body ? tell(body.variables) : undefined
  } catch (error) {
    return error instanceof RangeError ? 'The variables have too many numbers of more digits than are kept.' : undefined
  }
}

interface Place {
  readonly value: unknown
  readonly key: string
  readonly outer?: Place
}

function tell(variables: unknown): string | undefined {
  const open: Place[] = [{ value: variables, key: 'variables' }]
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { value } = place
    if (isLosslessNumber(value)) {
      return `${excerpt(pathOf(place))} is a number of more digits than are kept (write an id as text), but got: ${excerpt(String(value))}.`
    }
    if (typeof value !== 'object' || value === null) continue
    for (const [key, inner] of Object.entries(value)) open.push({ value: inner, key, outer: place })
  }
  return undefined
}

/** Written once it is asked for: along deep nesting the paths are as long together as the square of its depth. */
function pathOf(place: Place): string {
  const keys: string[] = []
  for (let at: Place | undefined = place; at !== undefined; at = at.outer) keys.push(at.key)
  return keys.reverse().join('.')
}

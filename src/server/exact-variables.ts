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
  readonly path: string
}

function tell(variables: unknown): string | undefined {
  const open: Place[] = [{ value: variables, path: 'variables' }]
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { value, path } = place
    if (isLosslessNumber(value)) {
      return `${excerpt(path)} is a number of more digits than are kept (write an id as text), but got: ${excerpt(String(value))}.`
    }
    if (typeof value !== 'object' || value === null) continue
    for (const [key, inner] of Object.entries(value)) open.push({ value: inner, path: `${path}.${key}` })
  }
  return undefined
}

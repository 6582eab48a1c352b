import type { RawStep, Step } from '../call.js'

/** Parses each successful response once. Everything outside this step shares, caches and logs the parsed value. */
export function parsing(next: RawStep): Step {
  return async (request, call) => {
    const { body, ...response } = await next(request, call)
    return { ...response, value: request.parse(body) }
  }
}

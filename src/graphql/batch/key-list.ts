import { GatewayError, toError } from '../../kernel/errors.js'
import type { RequestScope } from '../scope.js'

/** `loadEach` with a limit. @throws GatewayError QUERY_TOO_COMPLEX when there are more than `MAX_KEYS` keys */
export async function loadByKeyList<Key, Value>(
  scope: RequestScope,
  keys: readonly Key[],
  load: (key: Key) => Promise<Value>,
): Promise<(Value | Error)[]> {
  const { maxKeys } = scope.services.limits
  if (keys.length > maxKeys) {
    throw new GatewayError(
      'QUERY_TOO_COMPLEX',
      `At most ${maxKeys} keys can be requested at once, but got: ${keys.length}.`,
    )
  }
  return loadEach(keys, load)
}

/** Loads in parallel, all in one tick. A key that fails has an Error in its place and does not affect the others. */
export function loadEach<Key, Value>(
  keys: readonly Key[],
  load: (key: Key) => Promise<Value>,
): Promise<(Value | Error)[]> {
  return Promise.all(keys.map(async (key) => load(key)).map((loading) => loading.catch(toError)))
}

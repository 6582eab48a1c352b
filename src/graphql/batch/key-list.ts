import { GatewayError, toError } from '../../kernel/errors.js'
import type { RequestScope } from '../scope.js'

/** Loads a list of keys as `loadEach` does. @throws GatewayError QUERY_TOO_COMPLEX when it is longer than `MAX_KEYS` */
export async function loadByKeyList<Key, Value>(
  scope: RequestScope,
  keys: readonly Key[],
  load: (key: Key) => Promise<Value>,
): Promise<(Value | Error)[]> {
  const { maxKeys } = scope.services.limits
  if (keys.length > maxKeys) {
    throw new GatewayError(
      'QUERY_TOO_COMPLEX',
      `At most ${maxKeys} keys can be asked for at once, but got: ${keys.length}.`,
    )
  }
  return loadEach(keys, load)
}

/** Loads side by side, all in one tick. A key that cannot be loaded gives an Error in its place; the others are not affected. */
export function loadEach<Key, Value>(
  keys: readonly Key[],
  load: (key: Key) => Promise<Value>,
): Promise<(Value | Error)[]> {
  return Promise.all(keys.map(async (key) => load(key)).map((loading) => loading.catch(toError)))
}

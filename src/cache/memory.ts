import { LRUCache } from 'lru-cache'
import type { Store } from './store.js'

/** Every entry takes this much besides its key and value. */
const ENTRY_BYTES = 128

/** Keeps what was used last, within so many bytes; a value too large for the whole of it is not kept. */
export function createMemoryStore<Value extends object>(bytesMax: number): Store<Value> {
  const entries = new LRUCache<string, Value>({ maxSize: bytesMax })
  return {
    get: async (key) => entries.get(key),
    set: async (key, value, sizeBytes) => {
      entries.set(key, value, { size: ENTRY_BYTES + 2 * key.length + sizeBytes })
    },
  }
}

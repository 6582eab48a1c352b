import { LRUCache } from 'lru-cache'
import type { Store } from './store.js'

/** Overhead of an entry besides its key and value. */
const ENTRY_BYTES = 128

/** An LRU cache of so many bytes. A value that is too large for the whole of it is not stored. */
export function createMemoryStore<Value extends object>(bytesMax: number): Store<Value> {
  const entries = new LRUCache<string, Value>({ maxSize: bytesMax })
  return {
    get: async (key) => entries.get(key),
    set: async (key, value, sizeBytes) => {
      entries.set(key, value, { size: ENTRY_BYTES + 2 * key.length + sizeBytes })
    },
  }
}

/** Stores values that may be dropped at any time. Values are shared: do not change one. */
export interface Store<Value> {
  get(key: string): Promise<Value | undefined>
  /** @param sizeBytes estimated memory of the value */
  set(key: string, value: Value, sizeBytes: number): Promise<void>
}

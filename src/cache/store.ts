/** A place for values that may be forgotten at any time. A value handed out is shared: nobody may change it. */
export interface Store<Value> {
  get(key: string): Promise<Value | undefined>
  /** @param sizeBytes what the value is reckoned to take */
  set(key: string, value: Value, sizeBytes: number): Promise<void>
}

import type { BehaviourSwitches } from './behaviour.js'
import type { Faults } from './faults.js'
import type { RequestLog } from './log.js'
import type { BeforeAnswer } from './serve-call.js'
import type { AccountRecord, Merchant, MerchantCredentials, Store } from './store.js'

/** A running sandbox. Everything here can also be done over HTTP under `/__sandbox`, save `beforeAnswer`. */
export interface Sandbox extends Pick<Store, StoreControl> {
  /** `http://127.0.0.1:PORT`, without `/api`. */
  readonly url: string
  /** The default merchant's. */
  readonly credentials: MerchantCredentials
  /** The default merchant's; the first is the main one. */
  readonly accounts: readonly AccountRecord[]
  /** Every credential with its accounts, the default one first. */
  readonly merchants: readonly (Merchant & { readonly accounts: readonly AccountRecord[] })[]
  readonly behaviour: BehaviourSwitches
  readonly faults: Faults
  readonly log: RequestLog
  /** Every token issued so far answers 401 from now on. */
  revokeTokens(): void
  /** Sets the sandbox's own clock forward (or back) by so many milliseconds. */
  advanceClock(ms: number): void
  /** Runs `hook` before each call is carried out, so that data can change between two calls. Returns its removal. */
  beforeAnswer(hook: BeforeAnswer): () => void
  /** Ends every socket and timer, hung ones too. */
  stop(): Promise<void>
}

/** What of the store is handed out as it is. */
export type StoreControl = 'linksOf' | 'insertLink' | 'patchLink' | 'deleteLink' | 'pay' | 'setLinkRaw'

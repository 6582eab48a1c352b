import type { EngineBehaviour } from './behaviour.js'
import type { AccountRecord, Directory, Merchant, MerchantCredentials } from './directory.js'
import type { Faults } from './faults.js'
import type { RequestLog } from './log.js'
import type { SandboxResource } from './resource.js'
import type { BeforeResponse } from './serve-call.js'
import type { BehaviourSwitches } from './switches.js'

/** A running sandbox: the engine's methods, and beside them the controls of its resources. */
export type Sandbox<Resources extends Registered = readonly []> = SandboxHandle<Resources> & ControlsOf<Resources>

/** Everything but `beforeResponse` is also available over HTTP, under `/__sandbox`. */
export interface SandboxHandle<Resources extends Registered> {
  /** `http://127.0.0.1:PORT`, without `/api`. */
  readonly url: string
  /** Credentials of the default merchant. */
  readonly credentials: MerchantCredentials
  /** Accounts of the default merchant; examples use the first. */
  readonly accounts: readonly AccountRecord[]
  /** Every merchant with its accounts, the default one first. */
  readonly merchants: readonly (Merchant & { readonly accounts: readonly AccountRecord[] })[]
  readonly behaviour: BehaviourSwitches<BehaviourOf<Resources>>
  readonly faults: Faults
  readonly log: RequestLog
  /** Invalidates every token issued so far. */
  revokeTokens(): void
  /** Moves the sandbox's own clock forward, or back, by so many milliseconds. */
  advanceClock(ms: number): void
  /** Runs `hook` before each call is carried out, so that data can change between two calls. Returns its removal. */
  beforeResponse(hook: BeforeResponse): () => void
  /** Ends every socket and timer, even hanging ones. */
  stop(): Promise<void>
}

export interface SandboxOptions<Resources extends Registered> {
  readonly resources: Resources
  /** Default 0: any free port. */
  readonly port?: number
  /** Default: the system clock. */
  readonly clock?: { now(): number }
  /** Creates the data, given the start time. Default: two merchants, and what each resource seeds. */
  readonly seed?: (nowMs: number) => World<Resources>
  /** Replaces the default merchant's built-in credentials. */
  readonly credentials?: MerchantCredentials
}

/** The data a sandbox of these resources starts with. */
export type World<Resources extends Registered> = Directory & Partial<Merged<SeedIn<Resources[number]>>>

type Registered = readonly SandboxResource[]
type BehaviourOf<Resources extends Registered> = EngineBehaviour & Merged<BehaviourIn<Resources[number]>>
type ControlsOf<Resources extends Registered> = Merged<ControlsIn<Resources[number]>>

type BehaviourIn<Each> = Each extends SandboxResource<infer Own, infer _Seed, infer _Controls> ? Own : never
type SeedIn<Each> = Each extends SandboxResource<infer _Behaviour, infer Own, infer _Controls> ? Own : never
type ControlsIn<Each> = Each extends SandboxResource<infer _Behaviour, infer _Seed, infer Own> ? Own : never

/** The intersection of a union's members. */
type Merged<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void
  ? All
  : never

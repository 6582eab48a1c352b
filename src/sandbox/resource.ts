import type { EngineBehaviour } from './behaviour.js'
import type { ControlRoute } from './control.js'
import type { AccountRecord, Merchant } from './directory.js'
import type { SandboxResponse } from './response.js'
import type { Route } from './routes.js'
import type { Switches } from './switches.js'

/**
 * What a resource adds to the sandbox. Its operations, behaviours, seed and controls join those of the engine and of
 * other resources. A name that is used twice stops the start.
 */
export interface SandboxResource<
  Behaviour extends object = object,
  Seed extends object = object,
  Controls extends object = object,
> {
  readonly switches?: Switches<Behaviour>
  /** Its records, by name, for a sandbox that is started without a seed. */
  seed?(nowMs: number): Seed
  /** Called once per sandbox, which owns what it creates. A seed given to the sandbox may leave out these records. */
  start(context: SandboxContext<Behaviour>, seed: Partial<Seed>): Simulator<Controls>
}

/** A resource within one sandbox. */
export interface Simulator<Controls extends object = object> {
  /** Its part of the imitated API, behind the token check. */
  readonly routes: readonly SandboxRoute[]
  /** Methods of the `Sandbox` handle. */
  readonly controls?: Controls
  /** The same over HTTP. */
  readonly controlRoutes?: readonly ControlRoute[]
}

export interface SandboxContext<Behaviour extends object = object> {
  readonly accounts: readonly AccountRecord[]
  behaviour(): EngineBehaviour & Behaviour
  /** Epoch milliseconds of the sandbox's own clock. */
  now(): number
}

/** Parameters of the path that end in `Id` are logged and can narrow a fault. The first match wins. */
export interface SandboxRoute extends Route {
  /** Names the route in faults and in the log. */
  readonly operation: string
  /** @throws SandboxRefusal to send its response */
  handle(request: SandboxRequest): SandboxResponse
}

/** An authenticated request, with what most routes need to respond to it. */
export interface SandboxRequest {
  readonly query: URLSearchParams
  /** The JSON body; `undefined` when it is absent or invalid. */
  readonly body: unknown
  readonly merchant: Merchant
  /** A segment of the path. */
  param(name: string): string
  /** The account in the path. @throws SandboxRefusal 404 when it is unknown, 403 when it is another merchant's */
  account(): AccountRecord
  /** The page of `rows` that the query requests. `textOf` writes a row as JSON; default `JSON.stringify`. */
  page<Row>(rows: readonly Row[], textOf?: (row: Row) => string): SandboxResponse
  /** 422 with the messages of each field. */
  invalid(fields: Readonly<Record<string, readonly string[]>>): SandboxResponse
}

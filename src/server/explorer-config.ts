/** What the gateway tells the GraphiQL page, for anyone to read: nothing in it is a secret. */
export interface ExplorerConfig {
  /** Whose credentials the headers editor asks for. */
  readonly authMode: 'none' | 'jwt' | 'passthrough'
  /** False: the page does not ask for the schema, and edits without it. */
  readonly introspection: boolean
  /** What the examples are filled in with; made-up data only. */
  readonly sample?: ExplorerSample | undefined
}

export interface ExplorerSample {
  /** The first has many links. */
  readonly accountIds: readonly string[]
  /** A link of the first account that was paid more than once. */
  readonly linkId: string
}

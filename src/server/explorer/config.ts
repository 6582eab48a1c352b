/** Configuration embedded in the GraphiQL page. Anyone can read it, so it must hold no secrets. */
export interface ExplorerConfig {
  /** Decides which credentials the headers editor asks for. */
  readonly authMode: 'none' | 'jwt' | 'passthrough'
  /** When false, the page does not fetch the schema, and the editor works without it. */
  readonly introspection: boolean
  /** Values for the examples; only with the sandbox's made-up data. */
  readonly sample?: ExplorerSample | undefined
}

export interface ExplorerSample {
  /** The first account has many links. */
  readonly accountIds: readonly string[]
  /** A link of the first account that has been paid more than once. */
  readonly linkId: string
}

import { explorerPlugin } from '@graphiql/plugin-explorer'
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql'
import { useState } from 'react'
import type { ExplorerConfig } from './config.js'
import { exampleTabs } from './example-tabs.js'
import { fetchGraphQL } from './fetch-graphql.js'
import { headersHint } from './headers-hint.js'
import { keptStorage, keptTab } from './kept.js'
import { linkedTab } from './linked-tab.js'

const PLUGINS = [explorerPlugin(), HISTORY_PLUGIN]

/** GraphiQL with the gateway's examples; what a person changed is there again after a reload. */
export function Explorer({ config }: { readonly config: ExplorerConfig }) {
  const { authMode, introspection, sample } = config
  const [linked] = useState(linkedTab)
  const [first] = useState(() => [...(linked ? [linked] : []), ...exampleTabs(sample)])
  // By itself GraphiQL brings back a tab without its variables unless they were edited.
  const [open] = useState(() => linked ?? keptTab() ?? first[0])
  return (
    <GraphiQL
      fetcher={fetchGraphQL}
      plugins={PLUGINS}
      storage={keptStorage}
      shouldPersistHeaders={false}
      defaultTabs={first}
      initialQuery={open?.query ?? ''}
      initialVariables={open?.variables ?? ''}
      defaultHeaders={headersHint(authMode)}
      defaultEditorToolsVisibility={authMode === 'none' ? 'variables' : 'headers'}
      {...(introspection ? {} : { schema: null })}
    >
      <GraphiQL.Logo>
        Payment links {sample === undefined ? null : <small title="Every link is made up.">sandbox</small>}
      </GraphiQL.Logo>
    </GraphiQL>
  )
}

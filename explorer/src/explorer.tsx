import { explorerPlugin } from '@graphiql/plugin-explorer'
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql'
import { useState } from 'react'
import type { ExplorerConfig } from './config.js'
import { exampleTabs } from './example-tabs.js'
import { fetchGraphQL } from './fetch-graphql.js'
import { headersHint } from './headers-hint.js'
import { linkedTab } from './linked-tab.js'
import { storage, storedTab } from './storage.js'

const PLUGINS = [explorerPlugin(), HISTORY_PLUGIN]

/** GraphiQL with the gateway's examples. Changes survive a reload. */
export function Explorer({ config }: { readonly config: ExplorerConfig }) {
  const { authMode, introspection, sample } = config
  const [linked] = useState(linkedTab)
  const [tabs] = useState(() => [...(linked ? [linked] : []), ...exampleTabs(sample)])
  // GraphiQL itself restores a tab's variables only if they were edited.
  const [open] = useState(() => linked ?? storedTab() ?? tabs[0])
  return (
    <GraphiQL
      fetcher={fetchGraphQL}
      plugins={PLUGINS}
      storage={storage}
      shouldPersistHeaders={false}
      defaultTabs={tabs}
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

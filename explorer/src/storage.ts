import type { GraphiQLProps } from 'graphiql'

const browserStorage = findBrowserStorage()

/** The browser's storage, without the headers in GraphiQL's history: they may contain tokens. */
export const storage: NonNullable<GraphiQLProps['storage']> = {
  getItem: (key) => browserStorage?.getItem(key) ?? null,
  setItem: (key, text) => browserStorage?.setItem(key, HISTORY_KEYS.includes(key) ? withoutHeaders(text) : text),
  removeItem: (key) => browserStorage?.removeItem(key),
  clear: () => {
    for (const key of ownKeys()) browserStorage?.removeItem(key)
  },
  get length() {
    return ownKeys().length
  },
}

export interface StoredTab {
  readonly query: string | null
  readonly variables: string | null
}

/** The tab that was open on the last visit; undefined on the first. */
export function storedTab(): StoredTab | undefined {
  try {
    const { tabs, activeTabIndex } = JSON.parse(browserStorage?.getItem('graphiql:tabState') ?? '') as StoredTabs
    return tabs[activeTabIndex]
  } catch {
    return undefined
  }
}

interface StoredTabs {
  readonly tabs: readonly StoredTab[]
  readonly activeTabIndex: number
}

const HISTORY_KEYS: readonly string[] = ['graphiql:queries', 'graphiql:favorites']

/** Undefined in a browser that blocks storage, where even reading `localStorage` throws. */
function findBrowserStorage(): Storage | undefined {
  try {
    return localStorage
  } catch {
    return undefined
  }
}

function ownKeys(): string[] {
  return Object.keys(browserStorage ?? {}).filter((key) => key.startsWith('graphiql:'))
}

function withoutHeaders(text: string): string {
  return JSON.stringify(JSON.parse(text, (key, value: unknown) => (key === 'headers' ? undefined : value)))
}

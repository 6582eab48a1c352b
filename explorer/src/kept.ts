import type { GraphiQLProps } from 'graphiql'

const store = browserStore()

/** What the browser keeps for the next visit. History would keep headers, too, and with them tokens. */
export const keptStorage: NonNullable<GraphiQLProps['storage']> = {
  getItem: (key) => store?.getItem(key) ?? null,
  setItem: (key, text) => store?.setItem(key, HISTORY_KEYS.includes(key) ? withoutHeaders(text) : text),
  removeItem: (key) => store?.removeItem(key),
  clear: () => {
    for (const key of ownKeys()) store?.removeItem(key)
  },
  get length() {
    return ownKeys().length
  },
}

export interface KeptTab {
  readonly query: string | null
  readonly variables: string | null
}

/** The tab that was open when the page was left; absent on a first visit. */
export function keptTab(): KeptTab | undefined {
  try {
    const { tabs, activeTabIndex } = JSON.parse(store?.getItem('graphiql:tabState') ?? '') as KeptTabs
    return tabs[activeTabIndex]
  } catch {
    return undefined
  }
}

interface KeptTabs {
  readonly tabs: readonly KeptTab[]
  readonly activeTabIndex: number
}

const HISTORY_KEYS: readonly string[] = ['graphiql:queries', 'graphiql:favorites']

/** Absent in a browser that lets no page store anything: there the name alone throws. */
function browserStore(): Storage | undefined {
  try {
    return localStorage
  } catch {
    return undefined
  }
}

function ownKeys(): string[] {
  return Object.keys(store ?? {}).filter((key) => key.startsWith('graphiql:'))
}

function withoutHeaders(text: string): string {
  return JSON.stringify(JSON.parse(text, (key, value: unknown) => (key === 'headers' ? undefined : value)))
}

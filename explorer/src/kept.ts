import type { GraphiQLProps } from 'graphiql'

/** What the browser keeps for the next visit. History would keep headers, too, and with them tokens. */
export const keptStorage: NonNullable<GraphiQLProps['storage']> = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, text) => localStorage.setItem(key, HISTORY_KEYS.includes(key) ? withoutHeaders(text) : text),
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => {
    for (const key of ownKeys()) localStorage.removeItem(key)
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
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState') ?? '') as KeptTabs
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

function ownKeys(): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith('graphiql:'))
}

function withoutHeaders(text: string): string {
  return JSON.stringify(JSON.parse(text, (key, value: unknown) => (key === 'headers' ? undefined : value)))
}

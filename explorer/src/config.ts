import type { ExplorerConfig } from '../../src/server/explorer/config.js'

export type { ExplorerConfig, ExplorerSample } from '../../src/server/explorer/config.js'

/** The configuration that the gateway embedded in the page. */
export function readConfig(): ExplorerConfig {
  return JSON.parse(document.getElementById('config')?.textContent ?? '') as ExplorerConfig
}

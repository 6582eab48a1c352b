import type { ExplorerConfig } from './config.js'

/** The initial text of the headers editor: comments, which are never sent. */
export function headersHint(authMode: ExplorerConfig['authMode']): string {
  return HINTS[authMode]
}

const NOT_STORED = '// Headers are not stored: closing or reloading this page clears them.'

const HINTS: Readonly<Record<ExplorerConfig['authMode'], string>> = {
  none: `// No credentials are needed (AUTH_MODE=none). Other headers look like this:
// { "x-request-id": "my-own-id" }
${NOT_STORED}`,
  jwt: `// AUTH_MODE=jwt: fill in your token and remove the slashes:
// { "Authorization": "Bearer <your token>" }
${NOT_STORED}`,
  passthrough: `// AUTH_MODE=passthrough: fill in your API credentials and remove the slashes:
// { "Authorization": "Bearer <access token of the API>", "X-PARTNER-ID": "<API key>" }
${NOT_STORED}`,
}

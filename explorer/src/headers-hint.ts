import type { ExplorerConfig } from './config.js'

/** What the headers editor starts with: comments, which are never sent. */
export function headersHint(authMode: ExplorerConfig['authMode']): string {
  return HINTS[authMode]
}

const NOT_KEPT = '// Headers are not stored: they are gone when this page is closed or loaded again.'

const HINTS: Readonly<Record<ExplorerConfig['authMode'], string>> = {
  none: `// No credentials are needed here (AUTH_MODE=none). Other headers go like this:
// { "x-request-id": "my-own-id" }
${NOT_KEPT}`,
  jwt: `// Who is asking (AUTH_MODE=jwt)? Put your token in and take the slashes away:
// { "Authorization": "Bearer <your token>" }
${NOT_KEPT}`,
  passthrough: `// Who is asking (AUTH_MODE=passthrough)? Put in what the API gave you and take the slashes away:
// { "Authorization": "Bearer <access token of the API>", "X-PARTNER-ID": "<API key>" }
${NOT_KEPT}`,
}

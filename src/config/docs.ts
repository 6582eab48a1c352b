import { SETTINGS, type Setting } from './settings.js'

const ALL: readonly Setting<unknown>[] = Object.values(SETTINGS)
const BUILT = ALL.filter((setting) => setting.isBuilt !== false)
const LATER = ALL.filter((setting) => setting.isBuilt === false)

/** Renders `.env.example`: every setting of this version at its default, commented out. */
export function renderEnvExample(): string {
  const blocks = BUILT.map((setting) => {
    const about = wrap(`${setting.about} Expected: ${setting.kind.expects}.`.replaceAll('`', ''))
    return [...about.map((line) => `# ${line}`), `# ${setting.name}=${setting.default ?? ''}`].join('\n')
  })
  return [
    '# Generated from src/config/settings.ts by `npm run docs:settings`; do not edit.',
    '# Copy to .env (read by `npm start`) and uncomment what you need. An empty value means unset.',
    '',
    blocks.join('\n\n'),
    '',
  ].join('\n')
}

/** Renders `docs/configuration.md`. */
export function renderConfigurationPage(): string {
  return [
    '<!-- Generated from src/config/settings.ts by `npm run docs:settings`; do not edit. -->',
    '# Configuration',
    '',
    'Settings are environment variables; `npm start` also reads a `.env` file. An empty value means unset. An invalid',
    'value never falls back to a default: the start fails with exit code 78 and lists every problem at once. That includes',
    'problems with what a setting points at (the files of `TRUSTED_DOCUMENTS`, the page of `GRAPHIQL`) and unknown names',
    'that start with `SINGAPAY` or `TRUSTED_DOC`. Secrets are never printed.',
    '',
    'A failure that may be gone at the next start ends with exit code 1: a port that is taken or not allowed, or an',
    'address that this machine does not have. The key set (`JWT_JWKS_URL`) and the API are not contacted before they are',
    'needed.',
    '',
    'With `SINGAPAY_BASE_URL=sandbox`, credentials are ignored. `npm start` passes `sandbox` only when neither an address',
    'nor a credential is set, so that a missing or misspelt address never serves made-up money.',
    '',
    '| Name | Default | Expected | Meaning |',
    '|---|---|---|---|',
    ...BUILT.map(
      ({ name, default: value, kind, about, isSecret }) =>
        `| \`${name}\` | ${value === undefined ? 'none' : `\`${value}\``} | ${cell(kind.expects)} | ` +
        `${cell(about)}${isSecret === true ? ' Secret.' : ''} |`,
    ),
    '',
    '## Not available in this version',
    '',
    'Setting one of these makes the start fail, because a setting that silently does nothing is worse than none.',
    '',
    '| Name | Meaning |',
    '|---|---|',
    ...LATER.map(({ name, about }) => `| \`${name}\` | ${cell(about)} |`),
    '',
    'So does `UPSTREAM_READ_TRANSPORT=undici`.',
    '',
  ].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

/** Breaks a text at spaces into lines of at most a hundred characters. */
function wrap(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line === undefined || line.length + word.length >= 100) lines.push(word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return lines
}

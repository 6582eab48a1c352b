import { SETTINGS, type Setting } from './settings.js'

const ALL: readonly Setting<unknown>[] = Object.values(SETTINGS)
const BUILT = ALL.filter((setting) => setting.isBuilt !== false)
const LATER = ALL.filter((setting) => setting.isBuilt === false)

/** `.env.example`: every setting of this version, commented out, at its default. */
export function renderEnvExample(): string {
  const blocks = BUILT.map((setting) => {
    const about = wrap(`${setting.about} Expected: ${setting.kind.expects}.`.replaceAll('`', ''), 100)
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

/** `docs/configuration.md`: every setting as a table. */
export function renderConfigurationPage(): string {
  return [
    '<!-- Generated from src/config/settings.ts by `npm run docs:settings`; do not edit. -->',
    '# Configuration',
    '',
    'Settings are environment variables; `npm start` also reads a `.env` file. An empty value means unset. A wrong value',
    'never falls back to a default: the start ends with exit code 78 and names every problem at once, those of what a setting',
    'points at (the files of `TRUSTED_DOCUMENTS`, the page of `GRAPHIQL`) and names beginning with `SINGAPAY` or',
    '`TRUSTED_DOC` that are no settings among them. Secrets are never printed.',
    '',
    'What may be otherwise at the next start ends it with exit code 1: a port that is taken or not allowed, an address that',
    'this machine does not have. A set of keys (`JWT_JWKS_URL`) and the API are first asked when they are needed.',
    '',
    'Credentials beside `SINGAPAY_BASE_URL=sandbox` are not used: the word is clear. `npm start` passes it only where neither',
    'an address nor a credential is set, so that a lost or misspelt address never serves made-up money.',
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
    'Setting one of these stops the start: a setting that would do nothing is worse than none.',
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

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line.length + word.length >= width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

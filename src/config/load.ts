import { quoted } from '../kernel/excerpt.js'
import { isLoopback } from './kinds.js'
import type {
  CallerSettings,
  Credentials,
  DefaultedSettings,
  JwtKeySettings,
  Settings,
  UpstreamSettings,
} from './resolved-settings.js'
import { SETTINGS, type Setting } from './settings.js'

export type Environment = Readonly<Record<string, string | undefined>>

export type LoadedSettings =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Checks what settings point at outside the environment. Each returns the problems it finds. */
export interface Probes {
  readonly trustedDocuments: (folder: string) => readonly string[]
  readonly graphiql: (isOn: boolean) => readonly string[]
}

/**
 * Reads the settings from an environment, or lists everything that is wrong with it. Pure apart from the probes;
 * without them, what settings point at is not checked. An empty value means unset, an invalid one never falls back to a
 * default, and no problem shows a secret.
 */
export function loadSettings(env: Environment, probes?: Probes): LoadedSettings {
  const problems = [
    ...unknownNames(env),
    ...ALL.flatMap((setting) => problemsOf(setting, env)),
    ...missingSettings(env),
    ...jwtProblems(env),
    ...exposureProblems(env),
    ...ineffectiveSettings(env),
    ...probed(SETTINGS.trustedDocuments, env, probes?.trustedDocuments),
    ...probed(SETTINGS.graphiql, env, probes?.graphiql),
  ]
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings: assemble(env) }
}

/** A misspelt name would be ignored: a lock would stay open, or the sandbox would serve instead of the API. */
function unknownNames(env: Environment): string[] {
  const known = ALL.map(({ name }) => name)
  return Object.entries(env)
    .filter(([name, text]) => OWN_NAME.test(name) && !known.includes(name) && text !== undefined && text !== '')
    .map(
      ([name]) =>
        `${name}: is not a setting; expected one of ${known.filter((other) => OWN_NAME.test(other)).join(', ')}`,
    )
}

/** Names that can only be meant for this program; the environment is shared with others. */
const OWN_NAME = /^(singa_?pay|trusted_?doc)/i

const ALL: readonly Setting<unknown>[] = Object.values(SETTINGS)

function problemsOf(setting: Setting<unknown>, env: Environment): string[] {
  const text = rawValue(setting, env)
  if (text === undefined) return []
  if (setting.kind.isLater?.(text) === true) {
    const what = setting.isBuilt === false ? setting.name : `${setting.name}=${text}`
    return [`${what} is not available in this version`]
  }
  if (setting.isBuilt === false || setting.kind.parse(text) !== undefined) return []
  return [`${setting.name}: expected ${setting.kind.expects}${actualValue(setting, text)}`]
}

function missingSettings(env: Environment): string[] {
  const { upstream, apiKey, clientId, clientSecret, authMode } = SETTINGS
  if (rawValue(upstream, env) === undefined) {
    return [`${upstream.name}: is required; expected ${upstream.kind.expects}`]
  }
  // An invalid value is treated as an origin, so that everything missing is reported in one go.
  if (readSetting(upstream, env)?.kind === 'sandbox') return []
  const isPassthrough = readSetting(authMode, env) === 'passthrough'
  return [...(isPassthrough ? [] : [apiKey, clientId, clientSecret]), authMode]
    .filter((setting) => rawValue(setting, env) === undefined)
    .map(({ name, kind }) => `${name}: is required when ${upstream.name} is an origin; expected ${kind.expects}`)
}

/** `jwt` needs a key, an issuer and an audience. In other modes they would look like protection and do nothing. */
function jwtProblems(env: Environment): string[] {
  const { authMode, jwtIssuer, jwtAudience } = SETTINGS
  const keys = [SETTINGS.jwtJwksUrl, SETTINGS.jwtPublicKey, SETTINGS.jwtSecret]
  const isGiven = (setting: Setting<unknown>): boolean => rawValue(setting, env) !== undefined
  if (rawValue(authMode, env) !== 'jwt') {
    return [...keys, jwtIssuer, jwtAudience]
      .filter(isGiven)
      .map(({ name }) => `${name}: has no effect without ${authMode.name}=jwt; expected nothing`)
  }
  const missing = [jwtIssuer, jwtAudience]
    .filter((setting) => !isGiven(setting))
    .map(({ name, kind }) => `${name}: is required with ${authMode.name}=jwt; expected ${kind.expects}`)
  const given = keys.filter(isGiven).map(({ name }) => name)
  if (given.length === 1) return missing
  const got = given.length === 0 ? 'none' : given.join(' and ')
  const names = keys.map(({ name }) => name).join(', ')
  return [...missing, `${authMode.name}=jwt: expected exactly one of ${names}, but got ${got}`]
}

/** Without authentication, a real merchant's links must be reachable from this machine only. */
function exposureProblems(env: Environment): string[] {
  const host = readSetting(SETTINGS.host, env)
  const isOpen =
    readSetting(SETTINGS.authMode, env) === 'none' && readSetting(SETTINGS.upstream, env)?.kind === 'origin'
  if (!isOpen || host === undefined || isLoopback(host)) return []
  return [
    `${SETTINGS.authMode.name}: "none" lets in everyone who can reach the port; with a real upstream it needs ` +
      `${SETTINGS.host.name} on loopback (127.0.0.1, ::1 or localhost), but got ${JSON.stringify(host)}`,
  ]
}

/** A mode that looks like a restriction while nothing is restricted. */
function ineffectiveSettings(env: Environment): string[] {
  const { trustedDocuments, trustedDocumentsMode } = SETTINGS
  if (rawValue(trustedDocumentsMode, env) === undefined || rawValue(trustedDocuments, env) !== undefined) return []
  const { name, kind } = trustedDocuments
  return [`${trustedDocumentsMode.name}: has no effect without ${name}; expected ${kind.expects} there`]
}

function probed<T>(setting: Setting<T>, env: Environment, probe?: (value: T) => readonly string[]): string[] {
  const value = readSetting(setting, env)
  return value === undefined || probe === undefined ? [] : probe(value).map((problem) => `${setting.name}: ${problem}`)
}

function assemble(env: Environment): Settings {
  return Object.freeze({
    ...defaultedSettings(env),
    upstream: upstreamSettings(env),
    callers: callerSettings(env),
    rateLimitPerMinute: readSetting(SETTINGS.rateLimitPerMinute, env),
    trustedDocuments: trustedDocuments(env),
    corsOrigins: readSetting(SETTINGS.corsOrigins, env) ?? Object.freeze([]),
  })
}

function defaultedSettings(env: Environment): DefaultedSettings {
  const defaulted = Object.entries<Setting<unknown>>(SETTINGS).filter(([, setting]) => setting.default !== undefined)
  return Object.fromEntries(defaulted.map(([key, setting]) => [key, known(setting, env)])) as DefaultedSettings
}

function callerSettings(env: Environment): CallerSettings {
  const mode = readSetting(SETTINGS.authMode, env) ?? 'none'
  if (mode !== 'jwt') return Object.freeze({ mode })
  return Object.freeze({
    mode,
    issuer: known(SETTINGS.jwtIssuer, env),
    audience: known(SETTINGS.jwtAudience, env),
    key: Object.freeze(jwtKey(env)),
  })
}

function jwtKey(env: Environment): JwtKeySettings {
  const url = readSetting(SETTINGS.jwtJwksUrl, env)
  if (url !== undefined) return { kind: 'key-set', url }
  const key = readSetting(SETTINGS.jwtPublicKey, env)
  return key === undefined ? { kind: 'secret', secret: known(SETTINGS.jwtSecret, env) } : { kind: 'public-key', key }
}

function trustedDocuments(env: Environment): Settings['trustedDocuments'] {
  const folder = readSetting(SETTINGS.trustedDocuments, env)
  return folder === undefined
    ? undefined
    : Object.freeze({ folder, mode: readSetting(SETTINGS.trustedDocumentsMode, env) ?? 'enforce' })
}

function upstreamSettings(env: Environment): UpstreamSettings {
  const place = known(SETTINGS.upstream, env)
  // The sandbox issues credentials. With passthrough callers bring their own, and the gateway's are not kept in memory.
  if (place.kind === 'sandbox' || readSetting(SETTINGS.authMode, env) === 'passthrough') return Object.freeze(place)
  const credentials: Credentials = Object.freeze({
    apiKey: known(SETTINGS.apiKey, env),
    clientId: known(SETTINGS.clientId, env),
    clientSecret: known(SETTINGS.clientSecret, env),
  })
  return Object.freeze({ ...place, credentials })
}

/** A value that the checks above have ensured. */
function known<T>(setting: Setting<T>, env: Environment): T {
  const value = readSetting(setting, env)
  if (value === undefined) throw new Error(`${setting.name} has neither a value nor a valid default`)
  return value
}

function readSetting<T>(setting: Setting<T>, env: Environment): T | undefined {
  const text = rawValue(setting, env) ?? setting.default
  return text === undefined ? undefined : setting.kind.parse(text)
}

function rawValue(setting: Setting<unknown>, env: Environment): string | undefined {
  const text = env[setting.name]
  return text === '' ? undefined : text
}

/** Never shows a secret, nor a URL that may contain a password. */
function actualValue(setting: Setting<unknown>, text: string): string {
  if (setting.isSecret === true || text.includes('@')) return ' (the value is not shown)'
  return `, but got ${quoted(text, 60)}`
}

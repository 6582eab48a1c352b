export { type AppOverrides, type RunningApp, startApp } from './app.js'
export { type Environment, type LoadedSettings, loadSettings } from './config/load.js'
export type {
  CallerSettings,
  Credentials,
  JwtKeySettings,
  JwtSettings,
  Settings,
  UpstreamSettings,
} from './config/resolved-settings.js'
export type { Clock } from './kernel/clock.js'
export { ERROR_TABLE, type ErrorCode } from './kernel/errors.js'
export { createLogger, type Logger, type LogLevel } from './telemetry/logger.js'

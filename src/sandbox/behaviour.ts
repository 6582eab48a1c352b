import { count, flag, oneOf, type ValuesOf } from './switches.js'

/** How the engine responds for every resource: pages, tokens and refusals. docs/sandbox.md explains each value. */
export type EngineBehaviour = ValuesOf<typeof ENGINE_SWITCHES>

export const ENGINE_SWITCHES = {
  perPageDefault: count(25),
  perPageMax: count(100),
  ignorePerPage: flag(false),
  pagination: oneOf('camel', 'snake', 'meta', 'text', 'empty', 'absent'),
  links: oneOf('foreign', 'own', 'list', 'object'),
  tokenLifeSeconds: count(216_000),
  tokenLifeAs: oneOf('text', 'number', 'absent'),
  ipRegistered: flag(true),
  partnerMismatchStatus: oneOf(401, 403),
  forbiddenAs: oneOf('sp403', 'noCode', 'spEnvelope'),
  validationAt: oneOf('error.errors', 'error.fields', 'data.errors', 'errors'),
  validationMessages: oneOf('list', 'text'),
}

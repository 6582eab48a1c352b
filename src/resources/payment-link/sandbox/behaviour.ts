import { flag, group, oneOf, type ValuesOf } from '../../../sandbox/switches.js'

/** How one kind of response writes a link. The documented pages differ in exactly these four ways. */
export type RowDialect = ValuesOf<typeof DIALECT>

/** How the payment-link routes respond, on top of the engine's behaviour. docs/sandbox.md explains each value. */
export type LinkBehaviour = ValuesOf<typeof LINK_SWITCHES>

const DIALECT = {
  figures: oneOf('numbers', 'text'),
  metadata: oneOf('present', 'absent'),
  account: oneOf('full', 'noContacts', 'brief'),
  zone: oneOf('jakarta', 'utc', 'micros', 'zoneless'),
}

/** As documented: numbers in lists, text in show, an integer account in updates. */
export const LINK_SWITCHES = {
  listDialect: group<RowDialect>(DIALECT),
  showDialect: group<RowDialect>(DIALECT, { figures: 'text', metadata: 'absent' }),
  updateDialect: group<RowDialect>(DIALECT, { account: 'brief', zone: 'utc' }),
  order: oneOf('newest', 'oldest'),
  onList: oneOf('nothing', 'insertBeforeNext', 'deleteBeforeNext'),
  emptyMap: oneOf('object', 'list'),
  extraKeys: flag(false),
  updateMovesOnlyStatus: flag(false),
  whitelistOfAll: oneOf('filled', 'null', 'list'),
}

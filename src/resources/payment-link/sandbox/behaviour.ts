import { flag, group, oneOf, type ValuesOf } from '../../../sandbox/switches.js'

/** How one kind of response writes a link. The documented pages differ in exactly these four ways. */
export type RowDialect = ValuesOf<typeof DIALECT>

/** How the payment-link routes answer, beside the engine's behaviour. docs/sandbox.md explains each value. */
export type LinkBehaviour = ValuesOf<typeof LINK_SWITCHES>

const DIALECT = {
  /** `numbers`: 150000 and 1; `text`: total "20000.00", quantity "1", unit price "20000", subtotal still a number. */
  figures: oneOf('numbers', 'text'),
  metadata: oneOf('present', 'absent'),
  /** `full`: five keys and the ULID; `noContacts`: the same with null email and phone; `brief`: an integer id and the name. */
  account: oneOf('full', 'noContacts', 'brief'),
  /** `jakarta`: `+07:00`; `utc`: `Z`; `micros`: `.000000Z`; `zoneless`: `2026-05-08 14:30:00` in Jakarta time. */
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

/** How one kind of answer writes a link row; the documented pages differ in exactly these four ways. */
export interface RowDialect {
  /** `numbers`: 150000 and 1; `text`: total "20000.00", quantity "1", unit price "20000", subtotal still a number. */
  readonly figures: 'numbers' | 'text'
  readonly metadata: 'present' | 'absent'
  /** `full`: five keys and the ULID; `noContacts`: the same with null email and phone; `brief`: an integer id and the name. */
  readonly account: 'full' | 'noContacts' | 'brief'
  /** `jakarta`: `+07:00`; `utc`: `Z`; `micros`: `.000000Z`; `zoneless`: `2026-05-08 14:30:00` in Jakarta time. */
  readonly zone: 'jakarta' | 'utc' | 'micros' | 'zoneless'
}

export interface Behaviour {
  readonly listDialect: RowDialect
  readonly showDialect: RowDialect
  readonly updateDialect: RowDialect
  readonly perPageDefault: number
  readonly perPageMax: number
  readonly ignorePerPage: boolean
  readonly pagination: 'camel' | 'snake' | 'meta' | 'text' | 'empty' | 'absent'
  readonly links: 'foreign' | 'own' | 'list' | 'object'
  readonly order: 'newest' | 'oldest'
  readonly onList: 'nothing' | 'insertBeforeNext' | 'deleteBeforeNext'
  readonly emptyMap: 'object' | 'list'
  readonly extraKeys: boolean
  readonly tokenLifeSeconds: number
  readonly tokenLifeAs: 'text' | 'number' | 'absent'
  readonly ipRegistered: boolean
  readonly partnerMismatchStatus: 401 | 403
  readonly forbiddenAs: 'sp403' | 'noCode' | 'spEnvelope'
  readonly validationAt: 'error.errors' | 'error.fields' | 'data.errors' | 'errors'
  readonly validationMessages: 'list' | 'text'
  readonly updateMovesOnlyStatus: boolean
  readonly whitelistOfAll: 'filled' | 'null' | 'list'
}

/** Changes of some switches; a dialect may be changed in part. */
export type BehaviourChanges = {
  readonly [K in keyof Behaviour]?: Behaviour[K] extends RowDialect ? Partial<RowDialect> : Behaviour[K]
}

/** The documented pages as they are: numbers in lists, text in show, an integer account in updates. */
export const DEFAULT_BEHAVIOUR: Behaviour = {
  listDialect: { figures: 'numbers', metadata: 'present', account: 'full', zone: 'jakarta' },
  showDialect: { figures: 'text', metadata: 'absent', account: 'full', zone: 'jakarta' },
  updateDialect: { figures: 'numbers', metadata: 'present', account: 'brief', zone: 'utc' },
  perPageDefault: 25,
  perPageMax: 100,
  ignorePerPage: false,
  pagination: 'camel',
  links: 'foreign',
  order: 'newest',
  onList: 'nothing',
  emptyMap: 'object',
  extraKeys: false,
  tokenLifeSeconds: 216_000,
  tokenLifeAs: 'text',
  ipRegistered: true,
  partnerMismatchStatus: 401,
  forbiddenAs: 'sp403',
  validationAt: 'error.errors',
  validationMessages: 'list',
  updateMovesOnlyStatus: false,
  whitelistOfAll: 'filled',
}

/** The switches of one sandbox; they act from the next request on. */
export class BehaviourSwitches {
  #current = DEFAULT_BEHAVIOUR

  get current(): Behaviour {
    return this.#current
  }

  /** @throws TypeError naming the switch and what it takes; nothing is changed then. */
  change(changes: BehaviourChanges): Behaviour {
    const next: Record<string, unknown> = { ...this.#current }
    for (const [name, value] of Object.entries(changes)) next[name] = checked(name, value, next[name])
    this.#current = next as unknown as Behaviour
    return this.#current
  }

  reset(): Behaviour {
    this.#current = DEFAULT_BEHAVIOUR
    return this.#current
  }
}

interface Form {
  readonly expected: string
  accepts(value: unknown): boolean
}

const flag = oneOf(true, false)
const count: Form = {
  expected: 'an integer of at least 1',
  accepts: (value) => Number.isInteger(value) && Number(value) >= 1,
}

const DIALECT_FORMS: Readonly<Record<keyof RowDialect, Form>> = {
  figures: oneOf('numbers', 'text'),
  metadata: oneOf('present', 'absent'),
  account: oneOf('full', 'noContacts', 'brief'),
  zone: oneOf('jakarta', 'utc', 'micros', 'zoneless'),
}

const dialect: Form = {
  expected: 'an object of figures, metadata, account, zone',
  accepts: (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(
      ([key, part]) => Object.hasOwn(DIALECT_FORMS, key) && DIALECT_FORMS[key as keyof RowDialect].accepts(part),
    ),
}

const FORMS: Readonly<Record<keyof Behaviour, Form>> = {
  listDialect: dialect,
  showDialect: dialect,
  updateDialect: dialect,
  perPageDefault: count,
  perPageMax: count,
  ignorePerPage: flag,
  pagination: oneOf('camel', 'snake', 'meta', 'text', 'empty', 'absent'),
  links: oneOf('foreign', 'own', 'list', 'object'),
  order: oneOf('newest', 'oldest'),
  onList: oneOf('nothing', 'insertBeforeNext', 'deleteBeforeNext'),
  emptyMap: oneOf('object', 'list'),
  extraKeys: flag,
  tokenLifeSeconds: count,
  tokenLifeAs: oneOf('text', 'number', 'absent'),
  ipRegistered: flag,
  partnerMismatchStatus: oneOf(401, 403),
  forbiddenAs: oneOf('sp403', 'noCode', 'spEnvelope'),
  validationAt: oneOf('error.errors', 'error.fields', 'data.errors', 'errors'),
  validationMessages: oneOf('list', 'text'),
  updateMovesOnlyStatus: flag,
  whitelistOfAll: oneOf('filled', 'null', 'list'),
}

function checked(name: string, value: unknown, current: unknown): unknown {
  const form = Object.hasOwn(FORMS, name) ? FORMS[name as keyof Behaviour] : undefined
  if (form === undefined) throw new TypeError(`No behaviour is called ${name}`)
  if (!form.accepts(value)) throw new TypeError(`${name} takes ${form.expected}, but got: ${JSON.stringify(value)}`)
  return form === dialect ? { ...(current as RowDialect), ...(value as Partial<RowDialect>) } : value
}

function oneOf(...values: readonly unknown[]): Form {
  return { expected: values.join(' | '), accepts: (value) => values.includes(value) }
}

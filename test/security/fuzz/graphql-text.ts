import type { Random } from './random.js'

const TOKENS = [
  ...[
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    ':',
    '=',
    '!',
    '|',
    '&',
    '$',
    '@',
    '...',
    '"',
    '"""',
    '#',
    '\\',
    ',',
    '\n',
    '\u0000',
  ],
  ...['query', 'mutation', 'subscription', 'fragment', 'on', 'true', 'null', 'type', 'schema', 'extend', '__proto__'],
  ...['0', '-1', '1e999', '9'.repeat(40), '1.', '"\\u{110000}"', '"\\uD800"', '\ufeff', '🧾', 'x'.repeat(300)],
  ...['paymentLinks', 'account', 'nodes', 'id', 'first', 'keys', '__schema', '__typename', '$v', '@include', 'if'],
] as const

/** Tokens in random order. */
export function tokenSoup(random: Random): string {
  return random.times(60, () => random.oneOf(TOKENS)).join(random.oneOf([' ', '', '\n']))
}

const ROOTS = ['paymentLinks', 'paymentLink', 'paymentLinksByKeys', 'account', 'accountsByIds', 'nothing'] as const
const FIELDS = [
  'id',
  'title',
  'account',
  'nodes',
  'edges',
  'node',
  'items',
  'pageInfo',
  'status',
  'paymentLinks',
  '__typename',
  'x',
] as const
const ARGUMENTS = [
  'accountId',
  'id',
  'ids',
  'keys',
  'first',
  'last',
  'after',
  'before',
  'offset',
  'input',
  'x',
] as const
const DIRECTIVES = ['include', 'skip', 'deprecated', 'nothing'] as const

/** A document that is valid GraphQL syntax; whether it fits the schema is left to chance. */
export function grammarDocument(random: Random, accountIds: readonly string[]): string {
  const writer = new GrammarWriter(random, accountIds)
  const fragments = random.times(
    2,
    () => `fragment F${random.below(3)} on ${writer.typeName()} ${writer.selections(3)}`,
  )
  const kind = random.oneOf(['query', 'query', 'query', 'mutation', 'subscription'])
  const variables = random.chance(0.3)
    ? `($v: ${random.oneOf(['Int', 'ID!', '[ID!]!', 'PaymentLinkKey', 'Nope'])})`
    : ''
  return [`${kind} Q${variables} ${writer.root(kind === 'mutation')}`, ...fragments].join(' ')
}

class GrammarWriter {
  constructor(
    private readonly random: Random,
    private readonly accountIds: readonly string[],
  ) {}

  root(isMutation: boolean): string {
    if (isMutation) return `{ updatePaymentLink(input: ${this.#object(2)}) { userErrors { code field message } } }`
    const fields = [this.#root(), ...this.random.times(3, () => this.#root())]
    return `{ ${fields.join(' ')} }`
  }

  typeName(): string {
    return this.random.oneOf(['Query', 'PaymentLink', 'Account', 'PaymentLinkConnection', 'Nope'])
  }

  selections(depth: number): string {
    const one = () => {
      const { random } = this
      if (random.chance(0.1)) return `...F${random.below(3)}${this.#directives()}`
      if (random.chance(0.1) && depth > 0) return `... on ${this.typeName()} ${this.selections(depth - 1)}`
      const below = depth > 0 && random.chance(0.5) ? ` ${this.selections(depth - 1)}` : ''
      return `${this.#alias()}${random.oneOf(FIELDS)}${this.#arguments(0.1)}${this.#directives()}${below}`
    }
    return `{ ${[one(), ...this.random.times(3, one)].join(' ')} }`
  }

  #root(): string {
    return `${this.#alias()}${this.random.oneOf(ROOTS)}${this.#arguments(0.9)}${this.#directives()} ${this.selections(4)}`
  }

  #alias(): string {
    return this.random.chance(0.2) ? `a${this.random.below(5)}: ` : ''
  }

  #arguments(share: number): string {
    const { random } = this
    if (!random.chance(share)) return ''
    const given = [
      `${random.oneOf(ARGUMENTS)}: ${this.#value(3)}`,
      ...random.times(3, () => `${random.oneOf(ARGUMENTS)}: ${this.#value(3)}`),
    ]
    return `(${given.join(', ')})`
  }

  #directives(): string {
    return this.random.chance(0.1) ? ` @${this.random.oneOf(DIRECTIVES)}(if: ${this.#value(0)})` : ''
  }

  #value(depth: number): string {
    const { random } = this
    const plain = [
      '0',
      '1',
      '25',
      '101',
      '-3',
      '1e400',
      '1.5',
      'true',
      'null',
      'OPEN',
      '$v',
      '""',
      '"1"',
      `"${'9'.repeat(30)}"`,
    ] as const
    if (random.chance(0.3)) return `"${this.accountIds[random.below(this.accountIds.length)]}"`
    if (depth > 0 && random.chance(0.2)) return `[${random.times(4, () => this.#value(depth - 1)).join(' ')}]`
    if (depth > 0 && random.chance(0.2)) return this.#object(depth - 1)
    return random.chance(0.05) ? `"""${tokenSoup(random).replaceAll('"""', '')} """` : random.oneOf(plain)
  }

  #object(depth: number): string {
    const names = [
      'accountId',
      'id',
      'maxUsage',
      'status',
      'expiredAt',
      'redirectUrl',
      'optionalMetadata',
      '__proto__',
    ] as const
    const fields = this.random.times(5, () => `${this.random.oneOf(names)}: ${this.#value(depth)}`)
    return `{ ${fields.join(', ')} }`
  }
}

import fc from 'fast-check'

/** An operation that fits the schema, and its variables. */
export interface GeneratedOperation {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** What an operation may ask for. */
export interface Stock {
  readonly accountIds: readonly string[]
  readonly keys: readonly { readonly accountId: string; readonly id: string }[]
  /** Given out earlier for a list, by its account. */
  readonly cursors: readonly { readonly accountId: string; readonly cursor: string }[]
}

type Choose = fc.GeneratorValue

/** Writes operations of every root field, nested, aliased, with fragments, directives and variables. */
export class OperationWriter {
  readonly #fragments: string[] = []
  readonly #declared: string[] = []
  readonly #variables: Record<string, unknown> = {}
  #names = 0

  constructor(
    private readonly choose: Choose,
    private readonly stock: Stock,
  ) {}

  query(): GeneratedOperation {
    const fields = Array.from({ length: this.#upTo(1, 4) }, () => this.#root())
    return this.#operation('query', fields)
  }

  mutation(): GeneratedOperation {
    const fields = Array.from({ length: this.#upTo(1, 2) }, () => {
      const { accountId, id } = this.#oneOf(this.stock.keys)
      const input = `{ accountId: "${accountId}", id: "${id}", maxUsage: ${this.#upTo(200, 900)} }`
      return `${this.#alias()}updatePaymentLink(input: ${input}) { userErrors { code } paymentLink ${this.#link(1)} }`
    })
    return this.#operation('mutation', fields)
  }

  #operation(kind: string, fields: readonly string[]): GeneratedOperation {
    const declared = this.#declared.length > 0 ? `(${this.#declared.join(', ')})` : ''
    return {
      query: [`${kind} Generated${declared} { ${fields.join(' ')} }`, ...this.#fragments].join('\n'),
      variables: this.#variables,
    }
  }

  #root(): string {
    const { accountId, id } = this.#oneOf(this.stock.keys)
    const field = this.#oneOf([
      'paymentLinks',
      'paymentLink',
      'paymentLinksByKeys',
      'account',
      'accountsByIds',
      '_entities',
    ] as const)
    const start = `${this.#alias()}${field}`
    switch (field) {
      case 'paymentLinks':
        return this.#connection(start, 2, this.#oneOf(this.stock.accountIds))
      case 'paymentLink':
        return `${start}(accountId: "${accountId}", id: ${this.#value('ID!', id)})${this.#condition()} ${this.#link(2)}`
      case 'paymentLinksByKeys':
        return `${start}(keys: ${this.#value('[PaymentLinkKey!]!', this.#some(this.stock.keys))}) ${this.#link(1)}`
      case 'account':
        return `${start}(id: ${this.#value('ID!', accountId)})${this.#condition()} ${this.#account(2)}`
      case 'accountsByIds':
        return `${start}(ids: ${this.#value('[ID!]!', this.#some(this.stock.accountIds))}) ${this.#account(1)}`
      case '_entities':
        return `${start}(representations: ${this.#value('[_Any!]!', this.#references())}) {
          ... on PaymentLink ${this.#link(1)} ... on Account ${this.#account(1)}
        }`
    }
  }

  #references(): unknown[] {
    const links = this.#some(this.stock.keys).map((key) => ({ __typename: 'PaymentLink', ...key }))
    return [...links, ...this.#some(this.stock.accountIds).map((id) => ({ __typename: 'Account', id }))]
  }

  #connection(start: string, depth: number, accountId?: string): string {
    const args = [...(accountId === undefined ? [] : [`accountId: "${accountId}"`]), ...this.#window(accountId)]
    const given = args.length > 0 ? `(${args.join(', ')})` : ''
    const link = this.#link(depth - 1)
    const rows = this.#oneOf([`nodes ${link}`, `edges { cursor node ${link} }`])
    return `${start}${given} { ${rows} totalCount pageInfo { hasNextPage } }`
  }

  /** Nested lists are kept short: the property is about figures, not about patience. */
  #window(accountId: string | undefined): string[] {
    const rows = this.#upTo(1, accountId === undefined ? 30 : 100)
    const cursors = this.stock.cursors.filter((known) => known.accountId === accountId).map(({ cursor }) => cursor)
    const shape = this.#oneOf(['none', 'first', 'last', 'offset', 'after', 'before'] as const)
    const cursor = cursors.length > 0 ? `"${this.#oneOf(cursors)}"` : 'null'
    if (shape === 'none') return []
    if (shape === 'offset') return [`first: ${this.#value('Int', rows)}`, `offset: ${this.#upTo(0, 250)}`]
    if (shape === 'after') return [`first: ${rows}`, `after: ${cursor}`]
    if (shape === 'before') return [`last: ${rows}`, `before: ${cursor}`]
    return [`${shape}: ${this.#value('Int', rows)}`]
  }

  #link(depth: number): string {
    const hasAccount = this.#upTo(0, 1) === 0
    const account = hasAccount && depth > 0 ? this.#account(depth - 1) : '{ id name phone }'
    const data = this.#oneOf(['id title version', 'id title redirectUrl', 'id optionalMetadata', LINK_DATA])
    const again = this.#upTo(0, 2) === 0 ? [`${this.#alias()}optionalMetadata`] : []
    return this.#set('PaymentLink', [data, ...again, ...(hasAccount ? [`account ${account}`] : [])])
  }

  #account(depth: number): string {
    const links = depth > 0 && this.#upTo(0, 1) === 0 ? [this.#connection(`${this.#alias()}paymentLinks`, depth)] : []
    return this.#set('Account', ['id', ...this.#oneOf([[], ['name'], ['email phone standing: status']]), ...links])
  }

  /** A selection set as it is, in an inline fragment, or through a fragment that is spread twice. */
  #set(type: string, fields: readonly string[]): string {
    const how = this.#oneOf(['plain', 'plain', 'inline', 'spread'] as const)
    if (how === 'plain') return `{ ${fields.join(' ')} }`
    if (how === 'inline') return `{ ...${this.#condition()} { ${fields.join(' ')} } __typename }`
    const name = this.#name('Part')
    this.#fragments.push(`fragment ${name} on ${type} { ${fields.join(' ')} }`)
    return `{ ...${name} ...${name}${this.#condition()} }`
  }

  #value(type: string, value: unknown): string {
    if (this.#upTo(0, 1) === 0) return literal(value)
    const name = this.#name('v')
    const isDefault = this.#upTo(0, 3) === 0
    this.#declared.push(`$${name}: ${type}${isDefault ? ` = ${literal(value)}` : ''}`)
    if (!isDefault) this.#variables[name] = value
    return `$${name}`
  }

  #condition(): string {
    return this.#oneOf(['', '', ' @include(if: true)', ' @skip(if: true)', ' @skip(if: false)'])
  }

  #alias(): string {
    return `${this.#name('a')}: `
  }

  #name(prefix: string): string {
    this.#names += 1
    return `${prefix}${this.#names}`
  }

  #some<T>(items: readonly T[]): T[] {
    return this.choose(fc.subarray, [...items], { minLength: 1, maxLength: Math.min(items.length, 40) })
  }

  #oneOf<T>(items: readonly T[]): T {
    return this.choose(fc.constantFrom<T[]>, ...items)
  }

  #upTo(min: number, max: number): number {
    return this.choose(fc.integer, { min, max })
  }
}

const LINK_DATA = `id accountId reffNo title paymentUrl status statusComputed isExpired requiredCustomerDetail maxUsage
  currentUsage hasPayments expiredAt totalAmount currency items { name quantity unitPrice subtotal }
  whitelistedPaymentMethod redirectUrl optionalMetadata paymentDate createdAt updatedAt version __typename`

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{ ${Object.entries(value)
    .map(([name, inner]) => `${name}: ${literal(inner)}`)
    .join(', ')} }`
}

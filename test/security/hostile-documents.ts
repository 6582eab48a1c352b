/** A document built to be expensive, and the limit that refuses it. */
export interface HostileDocument {
  readonly what: string
  readonly text: string
  readonly limit:
    | 'MAX_TOKENS'
    | 'MAX_DEPTH'
    | 'MAX_ALIASES'
    | 'MAX_DIRECTIVES'
    | 'MAX_KEYS'
    | 'MAX_UPSTREAM_CALLS'
    | 'MAX_ANSWER_BYTES'
    | 'Alias'
    | 'Repetition'
}

const MIB = 1_048_000
const ACCOUNT = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'
const LINK = `paymentLink(accountId: "${ACCOUNT}", id: "1")`
const times = (count: number, of: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => of(index)).join(' ')

export const HOSTILE_DOCUMENTS: readonly HostileDocument[] = [
  { what: '10,000 aliases', text: `{ ${times(10_000, (n) => `a${n}: ${LINK} { id }`)} }`, limit: 'MAX_TOKENS' },
  { what: '101 aliases', text: `{ ${times(101, (n) => `a${n}: __typename`)} }`, limit: 'MAX_ALIASES' },
  { what: '100,000 tokens', text: `{ ${'id '.repeat(100_000)}}`, limit: 'MAX_TOKENS' },
  { what: '100,000 tokens without spaces', text: '{'.repeat(100_000), limit: 'MAX_TOKENS' },
  { what: '1 MiB of tokens', text: `{ ${'id '.repeat(MIB / 3)}}`, limit: 'MAX_TOKENS' },
  { what: '1 MiB of comments', text: `${'#\n'.repeat(MIB / 2)}{ __typename }`, limit: 'MAX_TOKENS' },
  { what: '120 KiB of comments', text: `${'#\n'.repeat(60_000)}{ __typename }`, limit: 'MAX_TOKENS' },
  { what: '1 MiB of spaces', text: `${' '.repeat(MIB)}{ __typename }`, limit: 'MAX_TOKENS' },
  { what: '1 MiB in one string', text: `{ account(id: "${'x'.repeat(MIB)}") { id } }`, limit: 'MAX_TOKENS' },
  {
    what: '1 MiB in one block string',
    text: `{ account(id: """${'x\n'.repeat(MIB / 2)}""") { id } }`,
    limit: 'MAX_TOKENS',
  },
  { what: '1,300 levels of fields', text: `{ ${'a { '.repeat(1_300)}id${' }'.repeat(1_301)}`, limit: 'MAX_DEPTH' },
  { what: '3,900 levels of lists', text: `{ a(x: ${'['.repeat(3_900)}`, limit: 'MAX_DEPTH' },
  { what: '1,900 directives', text: `{ __typename ${'@a '.repeat(1_900)}}`, limit: 'MAX_DIRECTIVES' },
  { what: 'one field 1,000 times', text: `{ ${LINK} { ${'id '.repeat(1_000)}} }`, limit: 'Repetition' },
  {
    what: 'one field in 360 fragments',
    text: `{ ${LINK} { ${times(360, (n) => `...F${n}`)} } } ${times(360, (n) => `fragment F${n} on PaymentLink { id }`)}`,
    limit: 'Repetition',
  },
  {
    what: '430 spreads in one selection',
    text: `{ ${LINK} { ${times(430, (n) => `...F${n}`)} } } ${times(430, (n) => `fragment F${n} on PaymentLink { x${n} }`)}`,
    limit: 'Repetition',
  },
  {
    what: '300 spreads in inline fragments',
    text: `{ ${LINK} { id ${times(300, (n) => `... { ...F${n} }`)} } } ${times(300, (n) => `fragment F${n} on PaymentLink { x${n} }`)}`,
    limit: 'Repetition',
  },
  {
    what: 'fragments that spread all others',
    text: `{ ${LINK} { ...F0 } } ${times(40, (n) => `fragment F${n} on PaymentLink { x${n} ${times(40, (m) => `...F${m}`)} }`)}`,
    limit: 'Repetition',
  },
  {
    what: 'a chain of 180 fragments, spread by 180 operations',
    text: `${times(180, (n) => `query Q${n} { ...F0 }`)} ${times(180, (n) => `fragment F${n} on Query { x ${n < 179 ? `...F${n + 1}` : ''} }`)}`,
    limit: 'Repetition',
  },
  {
    what: '2^200 fields by fragments in fragments',
    text: `{ ...F0 } ${times(200, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F200 on Query { ${LINK} { id } }`,
    limit: 'Repetition',
  },
  {
    what: '2^10 aliases by fragments in fragments',
    text: `{ account(id: "${ACCOUNT}") { ...F0 } } ${times(9, (n) => `fragment F${n} on Account { a: x { ...F${n + 1} } b: x { ...F${n + 1} } }`)} fragment F9 on Account { id }`,
    limit: 'MAX_ALIASES',
  },
  {
    what: '25^4 rows by lists in lists',
    text: `{ a: account(id: "${ACCOUNT}") { ...A } } fragment A on Account { paymentLinks { nodes { account { paymentLinks { nodes { account { paymentLinks { nodes { id } } } } } } } } }`,
    limit: 'MAX_UPSTREAM_CALLS',
  },
  {
    what: '60 aliases of the metadata of 100 links',
    text: `{ paymentLinks(accountId: "${ACCOUNT}", first: 100) { nodes { ${times(60, (n) => `a${n}: optionalMetadata`)} } } }`,
    limit: 'MAX_ANSWER_BYTES',
  },
  {
    what: '2^30 times the metadata of one link by fragments',
    text: `{ ${LINK} { ...F0 } } ${times(30, (n) => `fragment F${n} on PaymentLink { ...F${n + 1} ...F${n + 1} }`)} fragment F30 on PaymentLink { optionalMetadata }`,
    limit: 'MAX_ANSWER_BYTES',
  },
  { what: 'an alias of 120 kB', text: `{ ${'x'.repeat(120_000)}: ${LINK} { id } }`, limit: 'Alias' },
  {
    what: '440 keys as literals',
    text: `{ paymentLinksByKeys(keys: [${times(440, (n) => `{ accountId: "${ACCOUNT}", id: "${n + 1}" }`)}]) { id } }`,
    limit: 'MAX_KEYS',
  },
]

import type { Source, Violation } from './source-rules.js'

/** A promise about all of src/, and planted files that break it. */
export interface Rule {
  readonly promise: string
  readonly check: (sources: readonly Source[]) => Violation[]
  /** Files that break the rule, by path. */
  readonly planted: Readonly<Record<string, string>>
  /** What the check must say about the planted files. */
  readonly finds: readonly Violation[]
}

const FILE_LINES_MAX = 300
const FUNCTION_LINES_MAX = 39
const FOLDER_LINES_MAX = 899

export const SIZE_RULES: readonly Rule[] = [
  {
    promise: `a file has at most ${FILE_LINES_MAX} lines`,
    check: (sources) =>
      sources
        .filter(({ path, lines }) => lines > FILE_LINES_MAX && !isGenerated(path))
        .map(({ path, lines }) => `${path} has ${lines} lines`),
    planted: {
      'kernel/long.ts': lines(FILE_LINES_MAX + 1),
      'kernel/just.ts': lines(FILE_LINES_MAX),
      'client/generated.ts': lines(FILE_LINES_MAX + 1),
    },
    finds: [`kernel/long.ts has ${FILE_LINES_MAX + 1} lines`],
  },
  {
    promise: `a function has at most ${FUNCTION_LINES_MAX} lines`,
    check: (sources) =>
      sources.flatMap(({ path, functions }) =>
        functions
          .filter((found) => found.lines > FUNCTION_LINES_MAX && !isGenerated(path))
          .map(({ name, lines }) => `${path}: ${name} has ${lines} lines`),
      ),
    planted: {
      'kernel/a.ts': `export function long() {\n${lines(38)}}\nexport function just() {\n${lines(37)}}`,
      'kernel/b.ts': `export const inner = () => {\nreturn [].map(() => {\n${lines(38)}})\n}`,
      'kernel/c.ts': `export class C {\n@Query(\n${lines(9)})\nread(): void {\n${lines(38)}}\n\nget(): void {\n${lines(9)}}\n}`,
    },
    finds: [
      'kernel/a.ts: long has 40 lines',
      'kernel/b.ts: inner has 42 lines',
      'kernel/b.ts: => has 40 lines',
      'kernel/c.ts: read has 40 lines',
    ],
  },
  {
    promise: `a folder of graphql/ or resources/ has at most ${FOLDER_LINES_MAX} lines, its subfolders not counted`,
    check: (sources) => {
      const sizes = new Map<string, number>()
      for (const { path, lines } of sources.filter(({ path }) => /^(graphql|resources)\//.test(path))) {
        const folder = path.slice(0, path.lastIndexOf('/'))
        sizes.set(folder, (sizes.get(folder) ?? 0) + lines)
      }
      return [...sizes]
        .filter(([, size]) => size > FOLDER_LINES_MAX)
        .map(([folder, size]) => `${folder} has ${size} lines`)
    },
    planted: {
      'resources/a/a.type.ts': lines(500),
      'resources/a/a.resolver.ts': lines(400),
      'resources/a/b/b.type.ts': lines(899),
      'graphql/c/c.ts': lines(900),
      'kernel/d.ts': lines(900),
    },
    finds: ['resources/a has 900 lines', 'graphql/c has 900 lines'],
  },
  {
    promise: 'an exported type has a name that no other room exports',
    check: (sources) => {
      const rooms = new Map<string, Set<string>>()
      for (const { path, exportedTypes } of sources.filter(({ path }) => !isApart(path))) {
        for (const name of exportedTypes) rooms.set(name, (rooms.get(name) ?? new Set()).add(path.split('/')[0] ?? ''))
      }
      return [...rooms]
        .filter(([, homes]) => homes.size > 1)
        .map(([name, homes]) => `${name}: exported by ${[...homes].join(' and ')}`)
    },
    planted: {
      'kernel/a.ts': 'export interface A {}\nexport class B {}\ntype C = string',
      'upstream/a.ts': 'export type A = string\nexport type C = number',
      'server/b.ts': 'export enum B {}',
      'kernel/b.ts': 'export type A = number',
      'sandbox/a.ts': 'export type A = string',
      'client/graphql.ts': 'export type A = string',
    },
    finds: ['A: exported by kernel and upstream', 'B: exported by kernel and server'],
  },
]

/** The sandbox shares no code with the rest, so it has names of its own; the client is generated. */
function isApart(path: string): boolean {
  return /(^|\/)sandbox\/|\.sandbox\.ts$/.test(path) || isGenerated(path)
}

function isGenerated(path: string): boolean {
  return path.startsWith('client/')
}

function lines(count: number): string {
  return '// line\n'.repeat(count)
}

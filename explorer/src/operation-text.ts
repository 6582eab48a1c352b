import { type DefinitionNode, parse, visit } from 'graphql'

/** The text of an operation in `schema/operations`, with the comment above it and the fragments it needs below. */
export function operationText(name: string): string {
  const wanted = new Set([find('OperationDefinition', name)])
  // Iterating a set also visits what is added meanwhile.
  for (const { node } of wanted) {
    visit(node, {
      enter: (part) => {
        if (part.kind === 'FragmentSpread') wanted.add(find('FragmentDefinition', part.name.value))
      },
    })
  }
  return `${[...wanted].map(({ text }) => text).join('\n\n')}\n`
}

interface Definition {
  readonly node: DefinitionNode
  readonly text: string
}

const FILES = import.meta.glob<string>('../../schema/operations/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
})

const DEFINITIONS: readonly Definition[] = Object.values(FILES).flatMap((source) =>
  parse(source).definitions.map((node) => ({ node, text: textOf(node, source) })),
)

function textOf({ loc }: DefinitionNode, source: string): string {
  const comment = /(?:^|\n)((?:#.*\n)+)$/.exec(source.slice(0, loc?.start))?.[1] ?? ''
  return comment + source.slice(loc?.start, loc?.end)
}

function find(kind: 'OperationDefinition' | 'FragmentDefinition', name: string): Definition {
  const found = DEFINITIONS.find(({ node }) => node.kind === kind && node.name?.value === name)
  if (found === undefined) throw new Error(`schema/operations has no ${kind} ${name}`)
  return found
}

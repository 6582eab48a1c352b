import { registerEnumType } from 'type-graphql'

/**
 * A GraphQL enum for `@Field(() => …)`. Its values are their own names.
 * @param values each value with its description
 */
export function createEnumType<Word extends string>(
  name: string,
  description: string,
  values: Readonly<Record<Word, string>>,
): { readonly [W in Word]: W } {
  const entries = Object.entries<string>(values)
  const type: Record<string, string> = Object.fromEntries(entries.map(([word]) => [word, word]))
  const valuesConfig = Object.fromEntries(entries.map(([word, text]) => [word, { description: text }]))
  registerEnumType(type, { name, description, valuesConfig })
  return type as { readonly [W in Word]: W }
}

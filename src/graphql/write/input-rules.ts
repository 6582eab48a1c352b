import { IsDefined, ValidateBy, ValidateIf, type ValidationError, validateSync } from 'class-validator'
import { type UserError, userError } from './user-error.js'

/** A field that may be omitted to keep its value, but must not be null. Its other rules apply to values only. */
export const notNull: PropertyDecorator = (target, property) => {
  ValidateIf((_input, value) => value !== undefined)(target, property)
  IsDefined({ message: '$property cannot be null: omit it to keep its value, or give a value.' })(target, property)
}

/** A field that may be omitted to keep its value, or be null to clear it. Its other rules apply to values only. */
export const clearable: PropertyDecorator = ValidateIf((_input, value) => value !== undefined && value !== null)

/** Explains how a value violates a rule; undefined when it does not. */
type Explain<T> = (value: T) => string | undefined

export function rule<T>(name: string, explain: Explain<T>): PropertyDecorator {
  return ValidateBy({
    name,
    validator: {
      validate: (value: T) => explain(value) === undefined,
      defaultMessage: (broken) => explain(broken?.value) ?? '',
    },
  })
}

/** A rule for each element of a list. Each element that violates it gets its own user error. */
export function itemRule(name: string, explain: Explain<string>): PropertyDecorator {
  const validate = (item: string): boolean => explain(item) === undefined
  const defaultMessage = (): string => '$property has an element that is not valid.'
  return ValidateBy({ name, validator: { validate, defaultMessage } }, { each: true, context: { explain } })
}

/** A user error for each rule that the input violates, by the decorators of its class. */
export function inputErrors(input: object): readonly UserError[] {
  return validateSync(input, { forbidUnknownValues: false }).flatMap(fieldErrors)
}

interface ItemContext {
  readonly explain: Explain<unknown>
}

/** One error per field, null first. Elements are reported only if the list as a whole is valid. */
function fieldErrors({ property, value, constraints = {}, contexts = {} }: ValidationError): readonly UserError[] {
  const wholeRules = Object.keys(constraints).filter((name) => !(name in contexts))
  const [itemContext] = Object.values(contexts) as ItemContext[]
  if (wholeRules.length === 0 && itemContext && Array.isArray(value)) return itemErrors(property, value, itemContext)
  const message = constraints['isDefined'] ?? constraints[wholeRules[0] ?? ''] ?? `${property} is not valid.`
  return [userError('INVALID', property, message)]
}

function itemErrors(property: string, items: readonly unknown[], { explain }: ItemContext): readonly UserError[] {
  return items.flatMap((item, index) => {
    const message = explain(item)
    return message === undefined ? [] : [userError('INVALID', [property, String(index)], message)]
  })
}

import { checkNames, isPlain, kindOf, refuseInherited, refuseUnknown } from './check-names.ts'
import type { Inside } from './check-names.ts'

/** The rule of one option: a test, and the words to complete "must be …". */
export interface OptionRule {
  readonly right: string
  readonly test: (value: unknown) => boolean
  readonly required?: boolean
  /** The names inside, if the value is an object of names. */
  readonly names?: Inside['names']
}

/**
 * Fails at once if a factory is misconfigured. For authors of stores and adapters.
 *
 * Values never appear in the message, since an option may hold a secret.
 *
 * @throws TypeError with the option's name and its rule, and for an option that the object inherits
 * @example checkOptions('redisStore', options, { keyPrefix: { right: 'a string', test: isString } })
 */
export function checkOptions(factory: string, options: object, rules: Readonly<Record<string, OptionRule>>): void {
  refuseUnknown(factory, options, rules)
  refuseInherited(factory, options, rules)
  for (const [name, rule] of Object.entries(rules)) {
    const value: unknown = Reflect.get(options, name)
    if (value === undefined ? rule.required === true : !isRight(value, rule, `${factory}: ${name}`)) {
      throw new TypeError(`${factory}: option "${name}" must be ${rule.right}, got ${kindOf(value)}`)
    }
  }
}

/** @throws TypeError for an unknown name inside */
function isRight(value: unknown, { test, names }: OptionRule, what: string): boolean {
  if (names === undefined || typeof value !== 'object' || value === null) return test(value)
  if (!isPlain(value)) return false
  checkNames(what, value, names)
  return test(value)
}

export function isString(value: unknown): value is string {
  return typeof value === 'string'
}

export function isFunction(value: unknown): value is (...args: never[]) => unknown {
  return typeof value === 'function'
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean'
}

/** Whether every method of `names` is there. */
export function hasMethods(value: unknown, names: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && names.every((name) => isFunction(Reflect.get(value, name)))
}

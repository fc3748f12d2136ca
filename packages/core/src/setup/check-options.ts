/** The rule of one option: a test, and the words to complete "must be …". */
export interface OptionRule {
  readonly right: string
  readonly test: (value: unknown) => boolean
  readonly required?: boolean
}

/**
 * Fails at once if a factory is misconfigured. For authors of stores and adapters.
 *
 * Values never appear in the message, since an option may hold a secret.
 *
 * @throws TypeError with the option's name and its rule
 * @example checkOptions('redisStore', options, { keyPrefix: { right: 'a string', test: isString } })
 */
export function checkOptions(factory: string, options: object, rules: Readonly<Record<string, OptionRule>>): void {
  if (typeof options !== 'object' || options === null) throw new TypeError(`${factory}: options must be an object`)
  const known = new Map(Object.entries(rules))
  for (const name of Object.keys(options)) {
    if (!known.has(name)) {
      throw new TypeError(`${factory}: unknown option "${name}"; the options are ${[...known.keys()].join(', ')}`)
    }
  }
  for (const [name, rule] of known) {
    const value: unknown = Reflect.get(options, name)
    if (value === undefined ? rule.required === true : !rule.test(value)) {
      throw new TypeError(`${factory}: option "${name}" must be ${rule.right}, got ${kindOf(value)}`)
    }
  }
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

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
}

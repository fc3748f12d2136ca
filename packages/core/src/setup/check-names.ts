/** Every name of some options. `true`, or what belongs inside its value. */
export type Names<Options> = { readonly [Name in keyof Required<Options>]: true | Inside }

/** The names inside an option: of its object, or of each object in its list. */
export interface Inside {
  readonly names: Readonly<Record<string, true | Inside>>
  readonly list?: boolean
  /** A value of another kind that is right too. */
  readonly or?: (value: unknown) => boolean
}

/**
 * A mistyped name would pass unread, and the call would do something else than it says.
 *
 * @param what The verb or factory, for the message.
 * @throws TypeError for anything but an object, and for an unknown name in it or inside
 */
export function checkNames(what: string, options: object, names: Readonly<Record<string, true | Inside>>): void {
  refuseUnknown(what, options, names)
  for (const name in options) {
    const inside = names[name]
    if (inside !== undefined && inside !== true) checkInside(what, name, Reflect.get(options, name), inside)
  }
}

/**
 * The same for options of a call: they are the object's own. A copy of them would leave behind what is inherited. Collaborators
 * such as a dialect may be of a class.
 *
 * @throws TypeError for an inherited name too
 */
export function checkOwnNames(what: string, options: object, names: Readonly<Record<string, true | Inside>>): void {
  checkNames(what, options, names)
  refuseInherited(what, options, names)
}

/** @throws TypeError for a known name that stands in the prototype only */
export function refuseInherited(what: string, options: object, known: object): void {
  const prototype: unknown = Object.getPrototypeOf(options)
  if (prototype === Object.prototype || prototype === null) return
  const inherited = Object.keys(known).find((name) => name in options && !Object.hasOwn(options, name))
  if (inherited === undefined) return
  throw new TypeError(`${what}: option "${inherited}" is inherited; give it as an own property of the options`)
}

function checkInside(what: string, option: string, value: unknown, { names, list, or }: Inside): void {
  // Whether it may be left out or null is for the verb to say.
  if (value === undefined || value === null || or?.(value) === true) return
  const at = `${what}: ${option}`
  if (list !== true) return checkNames(at, value, names)
  if (!Array.isArray(value)) throw new TypeError(`${what}: option "${option}" must be a list, got ${kindOf(value)}`)
  for (const each of value as readonly object[]) checkNames(at, each, names)
}

/**
 * @param known An object with the names that there are.
 * @throws TypeError for anything but an object, and for a name that is not known
 */
export function refuseUnknown(what: string, options: object, known: object): void {
  if (typeof options !== 'object' || options === null) throw noOptions(what, options)
  let isEmpty = true
  for (const name in options) {
    isEmpty = false
    if (!Object.hasOwn(known, name)) throw unknownOption(what, options, name, Object.keys(known))
  }
  // A list, a set or a promise may have no names, and is no options for that.
  if (isEmpty && !isPlain(options)) throw noOptions(what, options)
}

/** The error for a name that is not known, or for a value that has it since it is no options. */
export function unknownOption(what: string, options: object, name: string, known: readonly string[]): TypeError {
  if (!isPlain(options)) return noOptions(what, options)
  return new TypeError(`${what}: unknown option "${name}"; the options are ${known.join(', ')}`)
}

export function noOptions(what: string, options: unknown): TypeError {
  return new TypeError(`${what}: options must be an object, got ${kindOf(options)}`)
}

/** Whether it is an object of no kind that JavaScript knows: no list, set, map, date or promise. */
export function isPlain(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Object]'
}

/** The kind of a value, to complete "got …". It never shows the value, which may be a secret. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (typeof value !== 'object' || isPlain(value)) return `a value of type ${typeof value}`
  return `a ${Object.prototype.toString.call(value).slice('[object '.length, -1)}`
}

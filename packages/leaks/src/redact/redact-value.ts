import { types } from 'node:util'

/** How many objects are looked at. What is logged by mistake, such as a socket, may hold far more. */
const MOST_OBJECTS = 10_000
const DEEPEST = 100
const LEFT_OUT = '[left out]'

type RedactText = (text: string) => string

/** The value without what `redactText` blanks; the same one if that is nothing. Cycles stay cycles. */
export function redactValue(value: unknown, redactText: RedactText): unknown {
  if (typeof value !== 'object' || value === null) return value
  return copyOf(
    value,
    lookInto(value, (text) => redactText(text) === text),
    redactText,
  )
}

/**
 * Looks into an object, as far as its bounds go.
 *
 * @returns Whether nothing is to be blanked in an object of it, at any depth. One out of bounds counts as `null`.
 */
function lookInto(root: object, isClean: (text: string) => boolean): (value: object) => boolean | null {
  const holders = new Map<object, object[]>([[root, []]])
  const dirty = new Set<object>()
  for (const each of holders.keys()) {
    for (const part of partsOf(each)) {
      if (typeof part === 'string' && !isClean(part)) dirty.add(each)
      if (typeof part !== 'object' || part === null) continue
      const known = holders.get(part)
      if (known !== undefined) known.push(each)
      else if (holders.size < MOST_OBJECTS) holders.set(part, [each])
      else dirty.add(each)
    }
  }
  for (const each of dirty) for (const holder of holders.get(each) ?? []) dirty.add(holder)
  return (value) => (holders.has(value) ? !dirty.has(value) : null)
}

/** The texts and objects in an object, its keys too. */
function* partsOf(value: object): Iterable<unknown> {
  const text = textOf(value)
  if (text !== null) return yield text
  if (ArrayBuffer.isView(value)) return
  if (value instanceof DOMException) yield value.message
  if (value instanceof Set) return yield* value
  const entries = entriesOf(value)
  if (entries !== null) {
    for (const entry of entries) yield* entry
    return
  }
  for (const [key, part] of ownPartsOf(value)) {
    if (typeof key === 'string') yield key
    yield part
  }
}

/**
 * Copies only what has to be: a date, or an object with private fields, works no more as a copy, and whoever logs it would
 * fail.
 */
function copyOf(root: object, isClean: (value: object) => boolean | null, redactText: RedactText): unknown {
  const copies = new Map<object, unknown>()

  function copy(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return redactText(value)
    if (typeof value !== 'object' || value === null) return value
    if (copies.has(value)) return copies.get(value)
    const clean = isClean(value)
    if (clean === true) return value
    return clean === false && depth < DEEPEST ? copyObject(value, depth + 1) : LEFT_OUT
  }

  function copyObject(value: object, depth: number): unknown {
    const text = textOf(value)
    if (text !== null) return redactText(text)
    if (value instanceof Set)
      return fill(value, new Set(), (made) => value.forEach((each) => made.add(copy(each, depth))))
    const entries = entriesOf(value)
    if (entries !== null)
      return fill(value, new Map(), (made) => {
        for (const [key, part] of entries) made.set(copy(key, depth), copy(part, depth))
      })
    return fill(value, emptyLike(value, redactText), (made) => {
      for (const [key, part] of ownPartsOf(value)) {
        const { enumerable = false } = Object.getOwnPropertyDescriptor(value, key) ?? {}
        const name = typeof key === 'string' ? redactText(key) : key
        Object.defineProperty(made, name, { value: copy(part, depth), enumerable, writable: true, configurable: true })
      }
    })
  }

  /** Known before it is filled, for whoever is inside of itself. */
  function fill<Made>(value: object, made: Made, filling: (made: Made) => void): Made {
    copies.set(value, made)
    filling(made)
    return made
  }

  return copy(root, 0)
}

/** Own properties with a value; and of an error those that engines make getters of. A getter of the app is not called. */
function ownPartsOf(value: object): readonly (readonly [PropertyKey, unknown])[] {
  const isError = value instanceof Error
  return Reflect.ownKeys(value).flatMap((key) => {
    if (Array.isArray(value) && key === 'length') return []
    const { value: part, get } = Object.getOwnPropertyDescriptor(value, key) ?? {}
    if (get === undefined) return [[key, part]]
    return isError && key === 'stack' ? [[key, value.stack]] : []
  })
}

function emptyLike(value: object, redactText: RedactText): object {
  if (value instanceof DOMException) return new DOMException(redactText(value.message), value.name)
  if (Array.isArray(value)) return []
  const prototype: object | null = Object.getPrototypeOf(value)
  return value instanceof Error
    ? (Object.setPrototypeOf(new Error(), prototype) as object)
    : (Object.create(prototype) as object)
}

function textOf(value: object): string | null {
  if (types.isStringObject(value)) return value.valueOf()
  return value instanceof URL ? value.href : null
}

function entriesOf(value: object): Iterable<readonly [unknown, unknown]> | null {
  return value instanceof Map || value instanceof Headers || value instanceof URLSearchParams ? value : null
}

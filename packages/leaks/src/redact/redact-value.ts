/** How many objects are looked at. What is logged by mistake, such as a socket, may hold far more. */
const MOST_OBJECTS = 10_000
const DEEPEST = 100
const LEFT_OUT = '[left out]'

type RedactText = (text: string) => string

/** The value without what `redactText` blanks; the same one if that is nothing. Cycles stay cycles. */
export function redactValue(value: unknown, redactText: RedactText): unknown {
  const isClean = (text: string) => redactText(text) === text
  return typeof value === 'object' && value !== null && !isAllClean(value, isClean) ? copyOf(value, redactText) : value
}

/** False also if there is too much to know. */
function isAllClean(root: object, isClean: (text: string) => boolean): boolean {
  const known = new Set<object>([root])
  for (const each of known) {
    if (known.size > MOST_OBJECTS) return false
    for (const part of partsOf(each)) {
      if (typeof part === 'string' && !isClean(part)) return false
      if (typeof part === 'object' && part !== null) known.add(part)
    }
  }
  return true
}

/** The texts and objects in an object, its keys too. */
function* partsOf(value: object): Iterable<unknown> {
  const text = textOf(value)
  if (text !== null) return yield text
  if (ArrayBuffer.isView(value)) return
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

function copyOf(root: object, redactText: RedactText): unknown {
  const copies = new Map<object, unknown>()

  function copy(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return redactText(value)
    if (typeof value !== 'object' || value === null) return value
    if (copies.has(value)) return copies.get(value)
    return copies.size < MOST_OBJECTS && depth < DEEPEST ? copyObject(value, depth + 1) : LEFT_OUT
  }

  function copyObject(value: object, depth: number): unknown {
    const text = textOf(value)
    if (text !== null) return redactText(text) === text ? value : redactText(text)
    if (ArrayBuffer.isView(value)) return value
    if (value instanceof Set)
      return fill(value, new Set(), (made) => value.forEach((each) => made.add(copy(each, depth))))
    const entries = entriesOf(value)
    if (entries !== null)
      return fill(value, new Map(), (made) => {
        for (const [key, part] of entries) made.set(copy(key, depth), copy(part, depth))
      })
    return fill(value, emptyLike(value), (made) => {
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

function emptyLike(value: object): object {
  if (Array.isArray(value)) return []
  const prototype: object | null = Object.getPrototypeOf(value)
  return value instanceof Error
    ? (Object.setPrototypeOf(new Error(), prototype) as object)
    : (Object.create(prototype) as object)
}

function textOf(value: object): string | null {
  return value instanceof URL ? value.href : null
}

function entriesOf(value: object): Iterable<readonly [unknown, unknown]> | null {
  return value instanceof Map || value instanceof Headers || value instanceof URLSearchParams ? value : null
}

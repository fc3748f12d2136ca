import { inspect } from 'node:util'
import type { Token } from './token.ts'

/** Kept aside on a shared token: its instants, in epoch milliseconds. */
const INSTANTS: unique symbol = Symbol('instants')

interface Shared {
  readonly [INSTANTS]: Readonly<Record<string, number | null>>
}

const getters = new Map<string, PropertyDescriptor>()

/**
 * The same token, for many callers: no one can change what another gets. It is frozen, with its lists. Nothing freezes a
 * `Date`, so each reading of an instant makes a new one.
 */
export function sharedToken(token: Token): Token {
  const shared = {}
  const fields = Object.entries(token)
  const instants = fields.filter(([name]) => isInstant(name)).map(([name, at]) => [name, at?.getTime() ?? null])
  Object.defineProperty(shared, INSTANTS, { value: Object.freeze(Object.fromEntries(instants)) })
  Object.defineProperty(shared, inspect.custom, SHOWN)
  for (const [name, value] of fields) {
    const frozen = { value: Object.freeze(value), enumerable: true }
    Object.defineProperty(shared, name, isInstant(name) ? getterOf(name) : frozen)
  }
  return Object.freeze(shared) as Token
}

/** A log shows the instants, and not that they are made by reading. */
const SHOWN: PropertyDescriptor = {
  value(this: Token) {
    return { ...this }
  },
}

/** By the name, and not by the value: so that all shared tokens have one shape. */
function isInstant(name: string): boolean {
  return name.endsWith('At')
}

/** One function for all tokens, or each would be of a shape of its own. */
function getterOf(name: string): PropertyDescriptor {
  const known = getters.get(name)
  if (known !== undefined) return known
  const getter = {
    get(this: Shared) {
      const at = this[INSTANTS][name] ?? null
      return at === null ? null : new Date(at)
    },
    enumerable: true,
  }
  getters.set(name, getter)
  return getter
}

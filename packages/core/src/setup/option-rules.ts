import type { TokenStore } from '../store/store.ts'
import { hasMethods, isFunction } from './check-options.ts'
import type { OptionRule } from './check-options.ts'
import { DAY_MS } from '../token/day.ts'
import { isLine } from '../token/text.ts'

const STORE_METHODS = [
  'change',
  'findByDigest',
  'find',
  'findById',
  'list',
  'recordUse',
  'prune',
] as const satisfies readonly (keyof TokenStore)[]

/** A valid store. */
export const storeRule: OptionRule = {
  right: `a TokenStore, with the methods ${STORE_METHODS.join(', ')}`,
  test: (value) => hasMethods(value, STORE_METHODS),
}

/** A valid clock. */
export const clockRule: OptionRule = {
  right: 'a function that returns epoch milliseconds, a whole number',
  test: (value) => isFunction(value) && Number.isSafeInteger(Reflect.apply(value, undefined, [])),
}

/** A whole number within a range, with a unit if `of` gives one: "a whole number of milliseconds, 1 to 3,600,000". */
export function wholeNumber(from: number, to: number, of = ''): OptionRule {
  return {
    right: `a whole number${of && ` of ${of}`}, ${from} to ${to.toLocaleString('en')}`,
    test: (value) => Number.isInteger(value) && Number(value) >= from && Number(value) <= to,
  }
}

/** A valid function that gives the owners to go through. */
export const ownersRule: OptionRule = { right: 'a function that returns owners', test: isFunction, required: true }

/** A time of up to a hundred years. */
export function periodFrom(least: 0 | 1): OptionRule {
  return wholeNumber(least, 36_500 * DAY_MS, 'milliseconds')
}

export const periodRule: OptionRule = periodFrom(1)

/** A store's option `leaseMs`: the length of the leases of its caches. */
export const leaseRule: OptionRule = wholeNumber(10, 10_000, 'milliseconds')

/** A valid actor for the events. */
export const actorRule: OptionRule = {
  right: 'a text, or null',
  test: (value) => value === null || isLine(value),
}

import { hasMethods, isFunction } from './check-options.ts'
import type { OptionRule } from './check-options.ts'
import type { TokenStore } from './store.ts'

const STORE_METHODS = [
  'insert',
  'findRequest',
  'findByDigest',
  'find',
  'list',
  'revoke',
  'revokeAll',
  'suspend',
  'resume',
  'edit',
  'rotate',
  'completeRotation',
  'recordUse',
  'rekey',
  'prune',
] as const satisfies readonly (keyof TokenStore)[]

/** What a store must be. */
export const storeRule: OptionRule = {
  right: `a TokenStore, with the methods ${STORE_METHODS.join(', ')}`,
  test: (value) => hasMethods(value, STORE_METHODS),
}

/** What an injected clock must be. */
export const clockRule: OptionRule = {
  right: 'a function that returns epoch milliseconds, a whole number',
  test: (value) => isFunction(value) && Number.isSafeInteger(Reflect.apply(value, undefined, [])),
}

/** A whole number within a range, where it helps `of` a unit: "a whole number of milliseconds, 1 to 3,600,000". */
export function wholeNumber(from: number, to: number, of = ''): OptionRule {
  return {
    right: `a whole number${of && ` of ${of}`}, ${from} to ${to.toLocaleString('en')}`,
    test: (value) => Number.isInteger(value) && Number(value) >= from && Number(value) <= to,
  }
}

import { hasMethods, isBoolean, isFunction, isString } from '@tessera/core'
import type { OptionRule } from '@tessera/core'
import { urlRule } from '../message/url-rule.ts'

/** The options common to all adapters, for `checkOptions`. */
export const optionRules: Readonly<
  Record<'dialect' | 'onError' | 'realm' | 'resourceMetadata' | 'carriers', OptionRule>
> = {
  dialect: {
    right: 'a Dialect: plain, paged, offset, cursor or your own',
    test: isDialect,
  },
  onError: { right: 'a function', test: isFunction },
  realm: {
    right: 'printable ASCII without " and \\',
    test: (value) => typeof value === 'string' && /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/.test(value),
  },
  resourceMetadata: urlRule,
  carriers: { right: '{ query, form } of booleans', test: isCarriers },
}

/** @throws TypeError if an adapter was given anything but the tokens made by `createTokens` */
export function checkTokens(factory: string, tokens: unknown): void {
  if (hasMethods(tokens, ['verify', 'list', 'revoke'])) return
  throw new TypeError(`${factory}: the first argument must be what createTokens() returns`)
}

function isDialect(value: unknown): boolean {
  const isWhole = hasMethods(value, ['readList', 'writePage', 'writeToken', 'writeError'])
  return isWhole && isString(Reflect.get(Object(value), 'expiryField'))
}

function isCarriers(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).every(([name, on]) => (name === 'query' || name === 'form') && isBoolean(on))
}

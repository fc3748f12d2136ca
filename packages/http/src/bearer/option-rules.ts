import { hasMethods, isBoolean, isFunction, isString } from '@tessera/core'
import type { Names, OptionRule } from '@tessera/core'
import { urlRule } from '../message/url-rule.ts'
import type { CarrierOptions } from './read-carriers.ts'

/** Every name of a `Dialect`. */
export const dialectNames = {
  readList: true,
  writePage: true,
  writeToken: true,
  writeError: true,
  errorType: true,
  expiryField: true,
  overlapField: true,
  attributesField: true,
  idempotencyParameter: true,
  scopes: { names: { read: true, write: true, revokeAll: true } },
  checkOwner: true,
  describe: true,
  listParameters: true,
  writeUsage: true,
  writeRevokedAll: true,
} as const

const carrierNames: Names<CarrierOptions> = { query: true, form: true }

/** The options common to all adapters, for `checkOptions`. */
export const optionRules: Readonly<
  Record<'dialect' | 'onError' | 'realm' | 'resourceMetadata' | 'carriers', OptionRule>
> = {
  dialect: {
    right: 'a Dialect: standard, plain, paged, offset, cursor or your own',
    test: isDialect,
    names: dialectNames,
  },
  onError: { right: 'a function', test: isFunction },
  realm: {
    right: 'printable ASCII without " and \\',
    test: (value) => typeof value === 'string' && /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/.test(value),
  },
  resourceMetadata: urlRule,
  carriers: { right: '{ query, form } of booleans', test: isCarriers, names: carrierNames },
}

/** @throws TypeError if an adapter was given anything but the tokens made by `createTokens` */
export function checkTokens(factory: string, tokens: unknown): void {
  if (hasMethods(tokens, ['verify', 'list', 'revoke'])) return
  throw new TypeError(`${factory}: the first argument must be what createTokens() returns`)
}

function isDialect(value: unknown): boolean {
  const isWhole = hasMethods(value, ['readList', 'writePage', 'writeToken', 'writeError'])
  const partOf = (name: string): unknown => Reflect.get(Object(value), name)
  const isRight = ([name, test]: [string, (part: unknown) => boolean]) =>
    partOf(name) === undefined || test(partOf(name))
  return isWhole && isString(partOf('expiryField')) && Object.entries(optionalParts).every(isRight)
}

const optionalParts = {
  errorType: isString,
  overlapField: isString,
  attributesField: isString,
  idempotencyParameter: isString,
  listParameters: (part: unknown): boolean => Array.isArray(part) && part.every(isString),
  writeUsage: isFunction,
  writeRevokedAll: isFunction,
  checkOwner: isFunction,
}

function isCarriers(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.keys(carrierNames).every((name) => !(name in value) || isBoolean(Reflect.get(value, name)))
}

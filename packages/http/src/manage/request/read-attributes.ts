import type { OptionRule, TokenAttributes } from '@tessera/core'
import { invalidParameter } from '../../message/problem.ts'
import type { JsonObject } from '../../message/read-body.ts'
import { refuseUnknownAttributes } from './unknown-names.ts'

/** The names of attributes that a request may give a new token. */
export const attributesRule: OptionRule = {
  right: 'a list of names such as team',
  test: (value) => Array.isArray(value) && value.every((name) => /^[A-Za-z]\w*$/.test(String(name))),
}

/**
 * Reads the attributes of a new token.
 *
 * @param field Their name in the dialect; `undefined` for a dialect that has none.
 * @param allowed All others are the app's own facts.
 * @throws Problem `invalid_parameter`
 */
export function readAttributes(
  body: JsonObject,
  field: string | undefined,
  allowed: readonly string[],
): TokenAttributes | undefined {
  if (field === undefined || !Object.hasOwn(body, field)) return undefined
  const given: unknown = body[field]
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw invalidParameter(field, 'an object of texts')
  refuseUnknownAttributes(Object.keys(given), allowed)
  const wrong = Object.entries(given).find(([, value]) => typeof value !== 'string')
  if (wrong !== undefined) throw invalidParameter(`${field}.${wrong[0]}`, 'a text')
  return given as TokenAttributes
}

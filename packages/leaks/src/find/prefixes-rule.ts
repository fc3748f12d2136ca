import { isPrefix, isString } from '@tessera/core'
import type { OptionRule } from '@tessera/core'

/** The starts of the secrets to look for: of one API, or of several. */
export const prefixesRule: OptionRule = {
  right: 'a list of at least one string that matches [a-z][a-z0-9_]{0,31}',
  test: (value) => Array.isArray(value) && value.length > 0 && value.every((each) => isString(each) && isPrefix(each)),
}

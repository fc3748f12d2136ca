import { isScope, isString, wholeNumber } from '@tessera/core'
import type { OptionRule } from '@tessera/core'

export const pageRule: OptionRule = { right: 'an http or https URL', test: isPage }

export const scopesRule: OptionRule = listOf({ right: 'a scope', test: (value) => isString(value) && isScope(value) })

/** Registered names: methods of authentication, types of grants. */
export const namesRule: OptionRule = listOf({
  right: 'printable ASCII without spaces',
  test: (value) => isString(value) && /^[\x21-\x7e]+$/.test(value),
})

/** How long caches keep a document. */
export const maxAgeRule: OptionRule = wholeNumber(0, 31_536_000, 'seconds')

export function listOf({ right, test }: OptionRule): OptionRule {
  return {
    right: `a list that is not empty, each ${right}`,
    test: (value) => Array.isArray(value) && value.length > 0 && value.every((each) => test(each)),
  }
}

function isPage(value: unknown): boolean {
  return isString(value) && /^https?:\/\//.test(value) && URL.canParse(value)
}

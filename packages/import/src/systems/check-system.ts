import { checkOptions, isFunction } from '@tessera/core'
import type { OptionRule } from '@tessera/core'

const mapRule: OptionRule = { right: 'a function of a row', test: isFunction }

export const textRule: OptionRule = { right: 'a text', test: (value) => typeof value === 'string' }
export const filledRule: OptionRule = {
  right: 'a text that is not empty',
  test: (value) => typeof value === 'string' && value !== '',
}

export function oneOf(...values: readonly string[]): OptionRule {
  return { right: values.join(' or '), test: (value) => typeof value === 'string' && values.includes(value) }
}

/**
 * Checks the options of a system.
 *
 * @throws TypeError for an unknown or wrong option, with its name
 */
export function checkSystem(system: string, options: object, rules: Readonly<Record<string, OptionRule>> = {}): void {
  checkOptions(system, options, { map: mapRule, ...rules })
}

import { isBoolean } from '../../setup/check-options.ts'
import type { ActingToken } from '../../steps/decision/acting-token.ts'
import { invalidParameter } from '../../token/errors.ts'
import type { Requirements } from '../../token/scope.ts'

/** What makes a field right. All but `id` may be left out. */
interface FieldRule {
  readonly right: string
  readonly test: (value: unknown) => boolean
}

const FIELDS: Readonly<Record<keyof ActingToken, FieldRule>> = {
  id: { right: 'a text', test: (value) => typeof value === 'string' },
  requirements: {
    right: 'a list of { scopes, anyScope }, each of these a list of scopes',
    test: (value) => value === undefined || (Array.isArray(value) && value.every(isRequirements)),
  },
  // Whatever is no address is in no network.
  ip: { right: 'an address, or null', test: () => true },
  until: {
    right: 'a valid date, or null',
    test: (value = null) => value === null || (value instanceof Date && !Number.isNaN(value.getTime())),
  },
  mayOutlive: { right: 'a boolean', test: (value = false) => isBoolean(value) },
}

const REQUIREMENTS: Readonly<Record<keyof Requirements, true>> = { scopes: true, anyScope: true }

/**
 * A mistyped name, or a list that is missing by mistake, would ask nothing of the token.
 *
 * @throws TokenError `invalid_parameter`, if there is an actor
 */
export function checkActor(actor: unknown): void {
  if (actor === undefined) return
  const names = Object.keys(FIELDS)
  if (typeof actor !== 'object' || actor === null || !hasOnly(actor, FIELDS))
    throw invalidParameter('actor', `a token that asks: { ${names.join(', ')} }`)
  for (const [name, { right, test }] of Object.entries(FIELDS)) {
    if (!test(Reflect.get(actor, name))) throw invalidParameter('actor', `a token that asks, its ${name} ${right}`)
  }
}

function isRequirements(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !hasOnly(value, REQUIREMENTS)) return false
  return Object.values(value).every((scopes) => Array.isArray(scopes))
}

function hasOnly(value: object, names: object): boolean {
  return Object.keys(value).every((name) => Object.hasOwn(names, name))
}

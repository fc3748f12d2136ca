import { isBoolean } from '../../setup/check-options.ts'
import type { ActingToken } from '../../steps/decision/acting-token.ts'
import { invalidParameter } from '../../token/errors.ts'

/** What makes a field right. All but `id` may be left out. */
interface FieldRule {
  readonly right: string
  readonly test: (value: unknown) => boolean
}

const FIELDS: Readonly<Record<keyof ActingToken, FieldRule>> = {
  id: { right: 'a text', test: (value) => typeof value === 'string' },
  requirements: {
    right: 'a list of { scopes, anyScope }, each of these a list of scopes',
    test: (value) => value === undefined || (Array.isArray(value) && value.every(hasLists)),
  },
  // Whatever is no address is in no network.
  ip: { right: 'an address, or null', test: () => true },
  until: {
    right: 'a valid date, or null',
    test: (value = null) => value === null || (value instanceof Date && !Number.isNaN(value.getTime())),
  },
  mayOutlive: { right: 'a boolean', test: (value = false) => isBoolean(value) },
}

/**
 * A list that is missing by mistake would ask nothing of the token.
 *
 * @throws TokenError `invalid_parameter`, if there is an actor
 */
export function checkActor(actor: unknown): void {
  if (actor === undefined) return
  if (typeof actor !== 'object' || actor === null)
    throw invalidParameter('actor', `a token that asks: { ${Object.keys(FIELDS).join(', ')} }`)
  for (const [name, { right, test }] of Object.entries(FIELDS)) {
    if (!test(Reflect.get(actor, name))) throw invalidParameter('actor', `a token that asks, its ${name} ${right}`)
  }
}

function hasLists(requirements: object): boolean {
  return Object.values(requirements).every((scopes) => Array.isArray(scopes))
}

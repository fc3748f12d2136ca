import type { Names, OptionRule } from '@tessera/core'
import { scopesRule } from './route-scopes.ts'

/** The scopes that a token needs to manage tokens. */
export interface AccessScopes {
  /** To list and show. Default those of the dialect. */
  readonly read?: readonly string[]
  /** To issue and change. Default those of the dialect. */
  readonly write?: readonly string[]
  /** To revoke in bulk. Default those of the dialect. */
  readonly revokeAll?: readonly string[]
}

const NAMES: Names<AccessScopes> = { read: true, write: true, revokeAll: true }

// A mistyped name would leave the routes open to every token.
export const accessScopesRule: OptionRule = {
  right: `{ read, write, revokeAll }, each ${scopesRule.right}`,
  test: isAccessScopes,
  names: NAMES,
}

function isAccessScopes(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const given = Object.keys(NAMES).flatMap((name) => (name in value ? [Reflect.get(value, name)] : []))
  return given.length > 0 && given.every(scopesRule.test)
}

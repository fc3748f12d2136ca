import type { Tokens } from '@tessera/core'
import type { Caller } from '@tessera/http'
import type { FormOptions } from './form-options.ts'

/** A scope to choose. */
export interface ScopeChoice {
  readonly scope: string
  /** What it allows; empty if the app does not say. */
  readonly allows: string
  /** Whether the person may choose it: they may grant it, or the token has it. */
  readonly isOpen: boolean
}

/** The scopes of the page, in the order of the app, and those that the token has beside them. */
export function scopeChoices(
  tokens: Tokens,
  { scopes = {} }: Pick<FormOptions, 'scopes'>,
  caller: Caller,
  held: readonly string[] = [],
): readonly ScopeChoice[] {
  const described = new Map<string, string>(Object.entries(scopes).map(([scope, allows]) => [scope, allows ?? '']))
  const offered = described.size > 0 ? [...described.keys()] : (tokens.rules.scopes ?? [])
  return [...new Set([...offered, ...held])].map((scope) => ({
    scope,
    allows: described.get(scope) ?? '',
    isOpen: caller.scopes === null || held.includes(scope) || tokens.missingScopes(caller.scopes, [scope]).length === 0,
  }))
}

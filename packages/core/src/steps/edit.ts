import { missingScopes } from '../token/scope.ts'
import type { ScopeRules } from '../token/scope.ts'
import type { TokenRecord } from '../token/token.ts'
import { changeOne } from './change-one.ts'
import type { Change, ChangeOutcome, NotAllowed } from './change-one.ts'
import { scopesBeyond } from './decision/ceiling.ts'
import type { Ceiling, InsufficientScope } from './decision/ceiling.ts'
import type { Step } from './decision/decision.ts'
import { isRevoked } from './revoke.ts'

/** A token's new name and scopes; `null` leaves either as it is. */
export interface Edit extends Change {
  readonly name: string | null
  readonly scopes: readonly string[] | null
  /** Refuses scopes beyond the token's own. */
  readonly narrowOnly: boolean
  /** The most that the editor may add. */
  readonly ceilings: readonly Ceiling[]
  readonly rules: ScopeRules
}

export type EditOutcome = ChangeOutcome | InsufficientScope

/**
 * Sets name and scopes. Not allowed for a revoked token. An edit without a change is done. New scopes are compared with
 * the token's scopes at that instant, so two narrowings at the same time never widen.
 */
export function edit(id: string, request: Edit): Step<EditOutcome> {
  return changeOne<NotAllowed | InsufficientScope>(id, request, {
    operation: 'edit a token',
    apply(record) {
      if (isRevoked(record, request.at)) return { outcome: 'not_allowed', record }
      return refusalOf(record, request) ?? edited(record, request)
    },
  })
}

function refusalOf(record: TokenRecord, { scopes, narrowOnly, ceilings, rules }: Edit): InsufficientScope | null {
  const added = scopes === null ? [] : missingScopes(record.scopes, scopes, rules)
  if (narrowOnly && added.length > 0) return { outcome: 'insufficient_scope', scopes: added, lackedBy: 'token' }
  return scopesBeyond(added, ceilings, rules)
}

function edited(record: TokenRecord, { at, name: newName, scopes: newScopes }: Edit): TokenRecord {
  const name = newName ?? record.name
  const scopes = newScopes ?? record.scopes
  if (name === record.name && isSameList(scopes, record.scopes)) return record
  return { ...record, name, scopes: [...scopes], updatedAt: Math.max(record.updatedAt, at) }
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}

import { TokenError } from '../token/errors.ts'
import type { ExpiryRules } from '../token/expiry.ts'
import { missingScopes } from '../token/scope.ts'
import type { ScopeRules } from '../token/scope.ts'
import { expiryIn } from '../token/token.ts'
import type { TokenRecord } from '../token/token.ts'
import { changeOne } from './change-one.ts'
import type { Change, ChangeOutcome, NotAllowed } from './change-one.ts'
import { beyond, scopesBeyond, under } from './decision/ceiling.ts'
import type { BeyondCeiling, Ceiling } from './decision/ceiling.ts'
import type { Step } from './decision/decision.ts'
import { isWiderTerm, withTerm } from './edit-term.ts'
import type { Term } from './edit-term.ts'
import { isRevoked } from './revoke.ts'

/** A token's new name, scopes and term; `null` leaves either of the first two as it is. */
export interface Edit extends Change, Term {
  readonly name: string | null
  readonly scopes: readonly string[] | null
  /** Refuses scopes, networks and an expiry beyond the token's own. */
  readonly narrowOnly: boolean
  /** The most that the editor may add. */
  readonly ceilings: readonly Ceiling[]
  readonly rules: ScopeRules & { readonly expiry?: ExpiryRules }
}

export type EditOutcome = ChangeOutcome | EditRefusal

export type EditRefusal = BeyondCeiling | { readonly outcome: 'against_rules'; readonly error: TokenError }

/**
 * Sets name, scopes and term. Not allowed for a revoked token. An edit without a change is done. All of it is compared with
 * the token at that instant, so two narrowings at the same time never widen.
 *
 * An editor with a ceiling adds nothing to a token that ends later than the ceiling or may be used from more networks. It
 * gives no longer term and no further networks to a token with other scopes than its own. What it adds to, ends with the
 * ceiling from then on, whatever the uses.
 */
export function edit(id: string, request: Edit): Step<EditOutcome> {
  return changeOne<NotAllowed | EditRefusal>(id, request, {
    operation: 'edit a token',
    apply(record) {
      if (isRevoked(record, request.at)) return { outcome: 'not_allowed', record }
      return scopeRefusal(record, request) ?? edited(record, request)
    },
  })
}

function scopeRefusal(record: TokenRecord, { scopes, narrowOnly, ceilings, rules }: Edit): EditRefusal | null {
  if (scopes === null) return null
  const added = missingScopes(record.scopes, scopes, rules)
  if (narrowOnly && added.length > 0) return { outcome: 'insufficient_scope', scopes: added, lackedBy: 'token' }
  return scopesBeyond(added, ceilings, rules)
}

function edited(record: TokenRecord, request: Edit): TokenRecord | EditRefusal {
  const { at, rules } = request
  const named = { ...record, name: request.name ?? record.name, scopes: [...(request.scopes ?? record.scopes)] }
  const after = withTerm(named, request, at, rules.expiry ?? {})
  if (after instanceof TokenError) return { outcome: 'against_rules', error: after }
  if (isSame(record, after)) return record
  const updatedAt = Math.max(record.updatedAt, at)
  if (!isWider(record, after, rules)) return { ...after, updatedAt }
  return widerRefusal(record, after, request) ?? { ...under(after, request.ceilings), updatedAt }
}

function widerRefusal(
  before: TokenRecord,
  after: TokenRecord,
  { narrowOnly, ceilings, rules }: Edit,
): EditRefusal | null {
  // The scopes that it had before are given away again with a wider term only.
  const scopes = isWiderTerm(before, after) ? after.scopes : []
  const own = { scopes: null, networks: before.networks, expiresAt: finite(expiryIn(before)) }
  const given = { scopes, networks: after.networks, expiresAt: expiryIn(after) }
  return beyond(given, narrowOnly ? [own, ...ceilings] : ceilings, rules)
}

function finite(instant: number): number | null {
  return Number.isFinite(instant) ? instant : null
}

function isWider(before: TokenRecord, after: TokenRecord, rules: ScopeRules): boolean {
  return isWiderTerm(before, after) || missingScopes(before.scopes, after.scopes, rules).length > 0
}

function isSame(before: TokenRecord, after: TokenRecord): boolean {
  return (
    before.name === after.name &&
    before.expiresAt === after.expiresAt &&
    before.fixedExpiry === after.fixedExpiry &&
    isSameList(before.scopes, after.scopes) &&
    isSameList(before.networks, after.networks)
  )
}

function isSameList(one: readonly string[] | null, other: readonly string[] | null): boolean {
  if (one === null || other === null) return one === other
  return one.length === other.length && one.every((text, index) => text === other[index])
}

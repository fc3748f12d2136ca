import { areWithin } from '../token/allowed-networks.ts'
import { makersBy } from '../token/makers.ts'
import type { ScopeRules } from '../token/scope.ts'
import { expiryIn, statusOf } from '../token/token.ts'
import type { TokenRecord } from '../token/token.ts'
import { beyond, under } from './decision/ceiling.ts'
import type { BeyondCeiling, Ceiling } from './decision/ceiling.ts'
import type { Decision, Seen, Step } from './decision/decision.ts'
import { repeatedForToken } from './decision/idempotent-request.ts'
import { insert } from './insert.ts'
import type { InsertConditions, InsertOutcome } from './insert.ts'

/** How a token makes another. */
export interface Making extends InsertConditions {
  /** The maker as it is then; `null` for a person. */
  readonly maker: TokenRecord | null
  /** The most that the maker may give. */
  readonly ceilings: readonly Ceiling[]
  /** What was asked for, and is refused above a ceiling. What was left out is narrowed to it. */
  readonly asked: { readonly networks: boolean; readonly expiry: boolean }
  readonly rules: ScopeRules
}

export type MadeOutcome =
  /** `record` is the token as it was added. */
  | { readonly outcome: 'made'; readonly record: TokenRecord }
  | Exclude<InsertOutcome, { readonly outcome: 'inserted' }>
  | BeyondCeiling

/** Adds a token made by another. The key decides first, then the ceilings, then the rest of `insert`. */
export function issue(record: TokenRecord, making: Making): Step<MadeOutcome> {
  const { maker, ceilings, asked, rules, ...conditions } = making
  const narrowed = ceilings.reduce<TokenRecord>((wide, most) => narrowedTo(most, wide, asked), record)
  const bound = under(narrowed, ceilings)
  const made = maker === null ? bound : madeBy(bound, maker)
  const { operation, wants, decide } = insert(made, conditions)
  return {
    operation,
    wants,
    decide(seen: Seen): Decision<MadeOutcome> {
      const isNew = repeatedForToken(seen, conditions.idempotency, conditions.now) === null
      const refused = isNew ? beyond(made, ceilings, rules) : null
      if (refused !== null) return { answer: refused }
      const { answer, ...written } = decide(seen)
      return { ...written, answer: answer.outcome === 'inserted' ? { outcome: 'made', record: made } : answer }
    },
  }
}

/**
 * Whether the secret of a token may be given again to whoever asked for the token: if it is active, and has no more than that
 * one may give away. A secret gives everything that its token may do.
 */
export function mayHaveAgain(
  record: TokenRecord,
  { at, ceilings, rules }: { readonly at: number; readonly ceilings: readonly Ceiling[]; readonly rules: ScopeRules },
): boolean {
  if (statusOf(record, at) !== 'active') return false
  const { scopes, networks } = record
  return beyond({ scopes, networks, expiresAt: expiryIn(record) }, ceilings, rules) === null
}

/** What a person's token makes is that person's too, unless somebody else is named. */
function madeBy(record: TokenRecord, maker: TokenRecord): TokenRecord {
  return { ...record, issuedBy: maker.id, makers: makersBy(maker), createdBy: record.createdBy ?? maker.createdBy }
}

/** Networks and expiry as they were asked for; else within the ceiling. */
function narrowedTo({ networks, expiresAt }: Ceiling, record: TokenRecord, asked: Making['asked']): TokenRecord {
  const isWider = !asked.networks && areWithin(networks, record.networks)
  const isLonger = !asked.expiry && expiresAt !== null && (record.expiresAt === null || record.expiresAt > expiresAt)
  return {
    ...record,
    networks: isWider ? networks : record.networks,
    expiresAt: isLonger ? expiresAt : record.expiresAt,
  }
}

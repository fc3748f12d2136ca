import type { Settings } from '../setup/settings.ts'
import { countActive } from '../steps/decision/active-limit.ts'
import { checkOwner } from './request/issue-request.ts'

/** How much of the limit of active tokens an owner uses. */
export interface TokenUsage {
  /** The active tokens, suspended ones included. */
  readonly active: number
  /** How many there may be; `null` for no limit. */
  readonly limit: number | null
}

/** The verb `usage`. */
export async function countUsage(settings: Settings, owner: string): Promise<TokenUsage> {
  checkOwner(owner)
  const { store, prefix, retiredPrefixes, activeLimit, now } = settings
  const active = await store.take(owner, countActive(now(), [prefix, ...retiredPrefixes]))
  return { active, limit: activeLimit }
}

import type { OptionRule } from '../setup/check-options.ts'
import { actorRule, periodFrom } from '../setup/option-rules.ts'
import type { ScheduleOptions } from '../setup/schedule.ts'
import type { Settings } from '../setup/settings.ts'
import { DAY_MS } from '../token/day.ts'
import { invalidParameter } from '../token/errors.ts'

export interface PruneOptions {
  /** How long the records of revoked and expired tokens are kept after their end. Default 30 days. */
  readonly keepMs?: number | undefined
  /** The actor, for the events: see `ActedBy`. */
  readonly by?: string | null | undefined
}

export interface PruningOptions extends PruneOptions, ScheduleOptions {}

const KEEP_MS = 30 * DAY_MS

const keepRule = periodFrom(0)

/** The options of a schedule, beside its own. */
export const pruningRules: Readonly<Record<string, OptionRule>> = { keepMs: keepRule, by: actorRule }

/** The verb `prune`. */
export function pruneTokens(settings: Settings, options: PruneOptions): Promise<number> {
  return prune(settings, options, undefined)
}

/** The same on a schedule: of all processes on one store, one prunes in each `everyMs`. */
export function pruneOnSchedule(settings: Settings, options: PruningOptions, everyMs: number): Promise<number> {
  // A little less, since no timer is exact.
  return prune(settings, options, Math.floor(0.9 * everyMs))
}

async function prune(
  settings: Settings,
  { keepMs = KEEP_MS, by }: PruneOptions,
  onceInMs: number | undefined,
): Promise<number> {
  if (!keepRule.test(keepMs)) throw invalidParameter('keepMs', keepRule.right)
  const now = settings.now()
  const endedBefore = Math.max(0, now - keepMs)
  const count = await settings.store.prune({ now, endedBefore, ...(onceInMs !== undefined && { onceInMs }) })
  if (count > 0) settings.events()?.emit({ type: 'pruned', count, before: new Date(endedBefore) }, { at: now, by })
  return count
}

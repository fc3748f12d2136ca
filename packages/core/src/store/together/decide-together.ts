import { countsUntil } from '../../steps/decision/active-limit.ts'
import type { ActiveCount, Announcement, Decision, Kept, Seen, Wants } from '../../steps/decision/decision.ts'
import type { TokenRecord } from '../../token/token.ts'
import { givenUp } from './call.ts'
import type { Answering, Call, Deciding } from './call.ts'

/** What is shown to several steps. */
export interface ShownTogether {
  readonly seen: Seen
  /** How many tokens are active, by the instants asked for. */
  readonly counts: ReadonlyMap<number, number>
  /** How many keys have not expired, by the instants asked for. */
  readonly keyCounts?: ReadonlyMap<number, number>
}

/** One decision for several steps, and the answer of each. */
export interface Together {
  readonly decision: Decision<unknown>
  readonly answers: readonly Answering[]
}

/**
 * Decides steps one after the other, each as if the earlier ones were written already. Makes one decision of them. An error
 * of a step is its own, and no failure of the store. Steps with a key have the same one. A step whose caller is over changes
 * nothing.
 *
 * @throws Error if one of several adds an id in use: the store would reject that step, alone
 */
export function decideTogether(steps: readonly (Deciding & Partial<Call>)[], shown: ShownTogether): Together {
  const { seen } = shown
  const [only] = steps
  if (only !== undefined && steps.length === 1) return decided(only, seen)
  const records = new Map(seen.records)
  const [put, add] = [new Map<string, TokenRecord>(), new Map<string, TokenRecord>()]
  let [announce, keep]: [Announcement, Kept | undefined] = [[], undefined]
  const answers: Answering[] = []
  for (const step of steps) {
    const { wants } = step
    const active = activeFor(wants.active, shown, [add, put])
    const kept = wants.key === null ? null : (keep ?? seen.kept)
    const { decision, answers: own } = decided(step, {
      ...seen,
      ...{ records, kept, active, keys: keysFor(wants, shown, keep) },
    })
    answers.push(...own)
    for (const record of decision.add ?? []) {
      if (records.has(record.id)) throw new Error('a step adds an id that is in use')
      add.set(record.id, record)
      records.set(record.id, record)
    }
    for (const record of decision.put ?? []) {
      const changed = add.has(record.id) ? add : put
      changed.set(record.id, record)
      records.set(record.id, record)
    }
    keep = decision.keep ?? keep
    announce = both(announce, decision.announce ?? [])
  }
  const written = { put: [...put.values()], add: [...add.values()], ...(keep && { keep }), announce }
  return { decision: { answer: null, ...written }, answers }
}

function decided({ decide, isOver = false }: Deciding & Partial<Call>, seen: Seen): Together {
  try {
    if (isOver) throw givenUp()
    const decision = decide(seen)
    return { decision, answers: [() => decision.answer] }
  } catch (error) {
    const fail = () => {
      throw error
    }
    return { decision: { answer: null }, answers: [fail] }
  }
}

/** The count of active tokens once all that was changed is written. */
function activeFor(
  counted: ActiveCount | undefined,
  { seen, counts }: ShownTogether,
  changed: readonly ReadonlyMap<string, TokenRecord>[],
): number | null {
  if (counted === undefined) return null
  let active = counts.get(counted.at) ?? 0
  for (const records of changed) {
    for (const record of records.values()) {
      active += countOf(record, counted) - countOf(seen.records.get(record.id), counted)
    }
  }
  return active
}

function countOf(record: TokenRecord | undefined, { at, prefixes }: ActiveCount): number {
  return record !== undefined && prefixes.includes(record.prefix) && (countsUntil(record) ?? at) > at ? 1 : 0
}

/** The count of keys once an earlier step has kept its own. */
function keysFor({ keysAt }: Wants, { seen, keyCounts }: ShownTogether, keep: Kept | undefined): number | null {
  if (keysAt === undefined) return null
  const isCounted = (kept: Kept | null) => kept !== null && kept.expiresAt > keysAt
  const before = keyCounts?.get(keysAt) ?? seen.keys ?? 0
  return keep === undefined ? before : before + Number(isCounted(keep)) - Number(isCounted(seen.kept))
}

function both(announced: Announcement, next: Announcement): Announcement {
  if (announced === 'owner' || next === 'owner') return 'owner'
  return next.length === 0 ? announced : [...new Set([...announced, ...next])]
}

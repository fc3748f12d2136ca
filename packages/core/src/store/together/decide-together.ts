import { countsUntil } from '@tessera/core'
import type { ActiveCount, Announcement, Decision, Seen, Step, TokenRecord } from '@tessera/core'
import type { Shown } from './shown.ts'

/** A step as the caller of `change` gave it. */
export type Deciding = Pick<Step<unknown>, 'wants' | 'decide'>

/** Returns a step's answer, or throws what its decision threw. */
export type Answering = () => unknown

/** One decision for several steps, and the answer of each. */
export interface Together {
  readonly decision: Decision<unknown>
  readonly answers: readonly Answering[]
}

const OWN_FAULT =
  /^(?:OOM |ERR the (?:digest|id) is in use\b|a step (?:puts a token that it was not shown|adds an id that is in use)$)/

/**
 * Decides steps without a key one after the other, each as if the earlier ones were written already. Makes one decision of
 * them. An error of a step is its own, and no failure of the store.
 *
 * @throws Error if one of several adds an id in use: see {@link isOwnFault}. Redis rejects that step, alone
 */
export function decideTogether(steps: readonly Deciding[], shown: Pick<Shown, 'seen' | 'counts'>): Together {
  const { seen } = shown
  const [only] = steps
  if (only !== undefined && steps.length === 1) return decided(only, seen)
  const records = new Map(seen.records)
  const [put, add] = [new Map<string, TokenRecord>(), new Map<string, TokenRecord>()]
  let announce: Announcement = []
  const answers: Answering[] = []
  for (const step of steps) {
    const active = activeFor(step.wants.active, shown, [add, put])
    const { decision, answers: own } = decided(step, { ...seen, records, active })
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
    announce = both(announce, decision.announce ?? [])
  }
  return { decision: { answer: null, put: [...put.values()], add: [...add.values()], announce }, answers }
}

/**
 * Whether one of several decisions is to blame for a failure. Then nothing of them is written, and each may be by itself: a
 * full server refuses only those that add something.
 */
export function isOwnFault(error: unknown): boolean {
  return error instanceof Error && OWN_FAULT.test(error.message)
}

function decided({ decide }: Deciding, seen: Seen): Together {
  try {
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
  { seen, counts }: Pick<Shown, 'seen' | 'counts'>,
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

function both(announced: Announcement, next: Announcement): Announcement {
  if (announced === 'owner' || next === 'owner') return 'owner'
  return next.length === 0 ? announced : [...new Set([...announced, ...next])]
}

import type { Announcement, Decision, Seen, TokenRecord } from '@tessera/core'

export type Decide = (seen: Seen) => Decision<unknown>

/** Returns a step's answer, or throws what its decision threw. */
export type Answering = () => unknown

const OWN_FAULT =
  /^ERR the (?:digest|id) is in use\b|^a step (?:puts a token that it was not shown|adds an id that is in use)$/

/**
 * Decides steps without a key one after the other, each as if the earlier ones were written already. Makes one decision of
 * them. An error of a step is its own, and no failure of the store.
 *
 * @throws Error if one of several adds an id in use: see {@link isOwnFault}. Redis rejects that step, alone
 */
export function decideTogether(decides: readonly Decide[], seen: Seen): Decision<readonly Answering[]> {
  const [only] = decides
  if (only !== undefined && decides.length === 1) return decided(only, seen)
  const records = new Map(seen.records)
  const [put, add] = [new Map<string, TokenRecord>(), new Map<string, TokenRecord>()]
  let announce: Announcement = []
  const answer: Answering[] = []
  for (const decide of decides) {
    const next = decided(decide, { ...seen, records })
    answer.push(...next.answer)
    for (const record of next.add ?? []) {
      if (records.has(record.id)) throw new Error('a step adds an id that is in use')
      add.set(record.id, record)
    }
    for (const record of next.put ?? []) (add.has(record.id) ? add : put).set(record.id, record)
    for (const record of [...add.values(), ...put.values()]) records.set(record.id, record)
    announce = both(announce, next.announce ?? [])
  }
  return { answer, put: [...put.values()], add: [...add.values()], announce }
}

/** Whether a decision is to blame for a failure. Then nothing of it is written. */
export function isOwnFault(error: unknown): boolean {
  return error instanceof Error && OWN_FAULT.test(error.message)
}

function decided(decide: Decide, seen: Seen): Decision<readonly Answering[]> {
  try {
    const { answer, ...decision } = decide(seen)
    return { ...decision, answer: [() => answer] }
  } catch (error) {
    const fail = () => {
      throw error
    }
    return { answer: [fail] }
  }
}

function both(announced: Announcement, next: Announcement): Announcement {
  return announced === 'owner' || next === 'owner' ? 'owner' : [...new Set([...announced, ...next])]
}

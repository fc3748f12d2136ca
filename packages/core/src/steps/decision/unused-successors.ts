import { statusOf } from '../../token/token.ts'
import type { TokenRecord } from '../../token/token.ts'
import type { Seen } from './decision.ts'

/** How many successors in a row may be pending. So a step can be shown all of them. */
export const MOST_PENDING = 100

/** Facts to be shown to a step beside those that it always wants: tokens, and the count of active ones. */
export interface More {
  readonly ids: readonly string[]
  readonly counting: boolean
}

export const NOTHING_MORE: More = { ids: [], counting: false }

/** The step decided nothing: it has to be shown more. */
export interface Unseen extends More {
  readonly outcome: 'unseen'
}

type Shown = Pick<Seen, 'records'>

/**
 * The successors of a token that nobody has used, the nearest first. Whoever has the token's secret may have theirs. A pruned
 * one ends the row.
 *
 * @param ids The wanted ids.
 */
export function pendingAfter(
  record: TokenRecord,
  { records }: Shown,
  ids: readonly string[],
): readonly TokenRecord[] | Unseen {
  const after: TokenRecord[] = []
  for (let last = record; last.rotatedTo !== null; ) {
    const next = records.get(last.rotatedTo)
    if (next === undefined) return ids.includes(last.id) ? after : unseen(last.id)
    if (!next.pending) return after
    after.push(next)
    last = next
  }
  return after
}

/**
 * The tokens before a pending one, the nearest first, up to the last one in use. They may still overlap. A pruned one ends
 * the row.
 *
 * @param ids The wanted ids.
 */
export function overlappingBefore(
  record: TokenRecord,
  { records }: Shown,
  ids: readonly string[],
): readonly TokenRecord[] | Unseen {
  const before: TokenRecord[] = []
  for (let first = record; first.pending && first.rotatedFrom !== null; ) {
    const next = records.get(first.rotatedFrom)
    if (next === undefined) return ids.includes(first.id) ? before : unseen(first.id)
    before.push(next)
    first = next
  }
  return before
}

export function isUnseen(found: readonly TokenRecord[] | Unseen): found is Unseen {
  return 'outcome' in found
}

/** Whether a token may be used at an instant, or once it is resumed. */
export function isLive(record: TokenRecord, at: number): boolean {
  const status = statusOf(record, at)
  return status === 'active' || status === 'suspended'
}

function unseen(id: string): Unseen {
  return { outcome: 'unseen', ids: [id], counting: false }
}

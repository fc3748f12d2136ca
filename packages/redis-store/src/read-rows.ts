import type { TokenRecord } from '@tessera/core'
import { escapeText, expandText } from './compact-text.ts'
import { listOf, recordAt } from './reply.ts'
import { READ_ROWS } from './scripts/read-rows.ts'
import type { Session } from './session.ts'

const MOST_IN_STEP = 250

/** Where to begin: at a position, or after a token. */
export type RowStart = { readonly position: number } | { readonly after: string }

/** An owner's tokens by creation, from a place on. */
export interface Rows {
  readonly records: readonly TokenRecord[]
  /** How many tokens the owner had when the first of them were read. */
  readonly total: number
  /** Whether more follow. */
  readonly more: boolean
}

interface Step {
  readonly records: readonly TokenRecord[]
  readonly total: number
  readonly more: boolean
  readonly last: LastRow
}

interface LastRow {
  readonly after: string
  /** Where to go on when the row itself is gone by then. */
  readonly createdAt: string
}

/**
 * Reads rows in steps that do not hold up the server. Each step goes on after the last row of the one before, not at a
 * position, so that a token which stays is read once however many others come and go.
 */
export async function readRows(
  session: Session,
  owner: string,
  range: { readonly start: RowStart; readonly limit: number; readonly direction: 'asc' | 'desc' },
): Promise<Rows> {
  const byId = new Map<string, TokenRecord>()
  let place: RowStart | LastRow = range.start
  let total: number | null = null
  for (;;) {
    const size = Math.min(MOST_IN_STEP, range.limit - byId.size)
    const step: Step = await readStep(session, owner, { place, size, direction: range.direction })
    for (const record of step.records) if (!byId.has(record.id)) byId.set(record.id, record)
    total ??= step.total
    if (!step.more || byId.size >= range.limit) return { records: [...byId.values()], total, more: step.more }
    place = step.last
  }
}

async function readStep(
  { keys, isCluster, operate, run }: Session,
  owner: string,
  { place, size, direction }: { place: RowStart | LastRow; size: number; direction: 'asc' | 'desc' },
): Promise<Step> {
  const { stem, created, digests } = keys.ofOwner(owner)
  const position = 'position' in place ? place.position : 0
  const after = 'after' in place ? [escapeText(place.after)] : []
  const createdAt = 'createdAt' in place ? [place.createdAt] : []
  const args = [stem, isCluster, direction, size, position, ...after, ...createdAt]
  const reply = listOf(await operate('list tokens', () => run(READ_ROWS, [created, digests], args)))
  const [total, first, lastId, lastCreatedAt, ...rows] = reply
  const records: TokenRecord[] = []
  for (let index = 0; index < rows.length; index += 2) {
    const record = recordAt(rows, index)
    if (record !== null) records.push(record)
  }
  return {
    records,
    total: Number(total),
    more: Number(first) + rows.length / 2 < Number(total) && rows.length > 0,
    last: { after: expandText(String(lastId)), createdAt: String(lastCreatedAt) },
  }
}

import type { Place, TokenRecord } from '@tessera/core'
import { escapeText, expandText } from './compact-text.ts'
import { countIn, listIn, recordsIn, textIn } from './reply.ts'
import { READ_ROWS } from './scripts/read-rows.ts'
import type { Session } from './session.ts'

const MOST_IN_STEP = 250

/** Where to begin: at a position, or after a place. */
export type RowStart = { readonly position: number } | Place

/** Some of an owner's tokens by creation, that follow each other. */
export interface Rows {
  readonly records: readonly TokenRecord[]
  /** How many tokens the owner had when these were read. */
  readonly total: number
  /** The place to go on after when more follow; else `null`. */
  readonly next: Place | null
}

/**
 * An owner's tokens by creation, from a place on, in steps that do not hold up the server. Each step goes on after the place
 * of the one before, not at a position, so that a token which stays is met once however many others come and go.
 *
 * @param limit How many are wanted at most.
 */
export async function* walkRows(
  session: Session,
  owner: string,
  range: { readonly start: RowStart; readonly limit: number; readonly direction: 'asc' | 'desc' },
): AsyncGenerator<Rows, void> {
  let start: RowStart | null = range.start
  for (let wanted = range.limit; start !== null && wanted > 0; ) {
    const size = Math.min(MOST_IN_STEP, wanted)
    const rows: Rows = await readStep(session, owner, { start, size, direction: range.direction })
    yield rows
    wanted -= rows.records.length
    start = rows.next
  }
}

async function readStep(
  { keys, isCluster, operate, read }: Session,
  owner: string,
  { start, size, direction }: { start: RowStart; size: number; direction: 'asc' | 'desc' },
): Promise<Rows> {
  const { stem, created, digests } = keys.ofOwner(owner)
  const place = 'position' in start ? [start.position] : [0, escapeText(start.id), String(start.value)]
  const args = [stem, isCluster, direction, size, ...place]
  return operate('list tokens', async () => rowsIn((await read(READ_ROWS, [created, digests], args)).reply))
}

function rowsIn(reply: unknown): Rows {
  const [total, following, lastId, lastCreatedAt, ...rows] = listIn(reply)
  const isEmpty = lastId === null && lastCreatedAt === null
  const last = isEmpty ? null : { value: Number(textIn(lastCreatedAt)), id: expandText(textIn(lastId)) }
  return { records: recordsIn(rows), total: countIn(total), next: countIn(following) > 0 ? last : null }
}

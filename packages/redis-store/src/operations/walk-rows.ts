import type { Place, TokenRecord } from '@tessera/core'
import type { Session } from '../connection/session.ts'
import { READ_ROWS } from '../scripts/read-rows.ts'
import { escapeText, expandText } from '../text/compact-text.ts'
import { countIn, listIn, recordsIn, textIn } from '../text/reply.ts'

const MOST_IN_STEP = 250

/** The start of a walk: at a position, or after a place. */
export type RowStart = { readonly position: number } | Place

/** Consecutive tokens of an owner and a prefix, by creation. */
export interface Rows {
  readonly records: readonly TokenRecord[]
  /** The number of all such tokens at this reading. */
  readonly total: number
  /** The next place if more rows follow; else `null`. */
  readonly next: Place | null
  /** Whether an index lacks tokens. Then a step after the last rows fails. */
  readonly hasGap: boolean
}

/** One owner's tokens of one prefix. */
export interface TokensOf {
  readonly owner: string
  readonly prefix: string
}

/**
 * An owner's tokens of a prefix by creation, from a place on, in small steps for the server. Each step goes on after the place of
 * the last one, not at a position. So a token that stays is met once, even if many others come and go.
 *
 * @param limit The most tokens to read.
 */
export async function* walkRows(
  session: Session,
  tokens: TokensOf,
  range: { readonly start: RowStart; readonly limit: number; readonly direction: 'asc' | 'desc' },
): AsyncGenerator<Rows, void> {
  let start: RowStart | null = range.start
  for (let wanted = range.limit; start !== null && wanted > 0; ) {
    const size = Math.min(MOST_IN_STEP, wanted)
    const rows: Rows = await readStep(session, tokens, { start, size, direction: range.direction })
    yield rows
    wanted -= rows.records.length
    start = rows.hasGap ? null : rows.next
  }
}

async function readStep(
  { keys, isCluster, operate, read }: Session,
  { owner, prefix }: TokensOf,
  { start, size, direction }: { start: RowStart; size: number; direction: 'asc' | 'desc' },
): Promise<Rows> {
  const { stem, created, digests, ends } = keys.ofPrefix(owner, prefix)
  const place = 'position' in start ? [start.position] : [0, escapeText(start.id), String(start.value)]
  const args = [stem, isCluster, direction, size, ...place]
  return operate('list tokens', async () => rowsIn((await read(READ_ROWS, [created, digests, ends], args)).reply))
}

function rowsIn(reply: unknown): Rows {
  const [total, following, lastId, lastCreatedAt, ...rows] = listIn(reply)
  const isEmpty = lastId === null && lastCreatedAt === null
  const last = isEmpty ? null : { value: Number(textIn(lastCreatedAt)), id: expandText(textIn(lastId)) }
  const hasGap = following === null
  const next = hasGap || countIn(following) > 0 ? last : null
  return { records: recordsIn(rows), total: countIn(total), next, hasGap }
}

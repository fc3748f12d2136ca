import { countsUntil, filterBy } from '@tessera/core'
import type { TokenQuery, TokenRecord } from '@tessera/core'
import type { Session } from '../connection/session.ts'
import { READ_AGAIN } from '../scripts/read-again.ts'
import { escapeText } from '../text/compact-text.ts'
import { listIn, recordsIn } from '../text/reply.ts'

const MOST_IN_STEP = 250

/**
 * The tokens read in several steps, as they were at one instant. Tokens that count against the owner's limit are read
 * again. Those ended since show their end, or are left out if the query does not want them.
 *
 * An end is final, so a token live at both readings was live between them. Without this, a list could show more live
 * tokens than the owner ever had at a time.
 */
export async function atOneInstant(
  session: Session,
  query: TokenQuery,
  rows: readonly TokenRecord[],
): Promise<readonly TokenRecord[]> {
  const live = rows.filter((record) => isLive(record, query.now))
  const latest = new Map<string, TokenRecord>()
  for (let start = 0; start < live.length; start += MOST_IN_STEP) {
    const some = await readAgain(session, query.owner, live.slice(start, start + MOST_IN_STEP))
    for (const record of some) latest.set(record.id, record)
  }
  const passes = filterBy(query)
  return rows.flatMap((row) => {
    const record = isLive(row, query.now) ? latest.get(row.id) : row
    return record !== undefined && passes(record) ? [record] : []
  })
}

/** Whether the token counts against the limit. */
export function isLive(record: TokenRecord, now: number): boolean {
  return (countsUntil(record) ?? 0) > now
}

async function readAgain(
  { keys, isCluster, operate, read }: Session,
  owner: string,
  records: readonly TokenRecord[],
): Promise<readonly TokenRecord[]> {
  const { stem, digests } = keys.ofOwner(owner)
  const args = [stem, isCluster, ...records.map(({ id }) => escapeText(id))]
  return operate('list tokens', async () => recordsIn(listIn((await read(READ_AGAIN, [digests], args)).reply)))
}

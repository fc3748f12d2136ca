import { filterBy, statusOf } from '@tessera/core'
import type { TokenQuery, TokenRecord } from '@tessera/core'
import { escapeText } from './compact-text.ts'
import { listIn, recordsIn } from './reply.ts'
import { READ_AGAIN } from './scripts/read-again.ts'
import type { Session } from './session.ts'

const MOST_IN_STEP = 250

/**
 * What several steps have read, as it was at one instant: the tokens that count against the owner's limit are read again, and
 * those that have ended since show it, or are left out where the query does not want them. A token never comes back from its
 * end, so each that was live at both readings was live between them. Without it, a list could show more live tokens than the
 * owner ever had at a time.
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
  const status = statusOf(record, now)
  return status === 'active' || status === 'suspended'
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

import type { TokenRecord } from '@tessera/core'
import { escapeText, expandText } from './compact-text.ts'
import { countIn, listIn, recordsIn, textIn } from './reply.ts'
import { READ_ROWS } from './scripts/read-rows.ts'
import type { Session } from './session.ts'

const MOST_IN_STEP = 250

/** Where to begin: at a position, or after a token. */
export type RowStart = { readonly position: number } | { readonly after: string }

/** Some of an owner's tokens by creation, that follow each other. */
export interface Rows {
  readonly records: readonly TokenRecord[]
  /** How many tokens the owner had when these were read. */
  readonly total: number
  /** Whether more follow. */
  readonly more: boolean
}

interface Step extends Rows {
  /** `null` where no row was read. */
  readonly last: LastRow | null
}

interface LastRow {
  readonly after: string
  /** Where to go on when the row itself is gone by then. */
  readonly createdAt: string
}

/**
 * An owner's tokens by creation, from a place on, in steps that do not hold up the server. Each step goes on after the last
 * row of the one before, not at a position, so that a token which stays is met once however many others come and go.
 *
 * @param limit How many are wanted at most.
 */
export async function* walkRows(
  session: Session,
  owner: string,
  range: { readonly start: RowStart; readonly limit: number; readonly direction: 'asc' | 'desc' },
): AsyncGenerator<Rows, void> {
  const isNew = createNovelty()
  let place: RowStart | LastRow = range.start
  let wanted = range.limit
  for (;;) {
    const size = Math.min(MOST_IN_STEP, wanted)
    const { last, ...rows }: Step = await readStep(session, owner, { place, size, direction: range.direction })
    const records = rows.records.filter(isNew)
    yield { ...rows, records }
    wanted -= records.length
    if (last === null || !rows.more || wanted === 0) return
    place = last
  }
}

/** Whether a row was not met before. One is read again only with others of the same instant, where a step goes on at that. */
function createNovelty(): (record: TokenRecord) => boolean {
  let instant = Number.NaN
  const met = new Set<string>()
  return ({ id, createdAt }) => {
    if (createdAt !== instant) met.clear()
    instant = createdAt
    return met.size !== met.add(id).size
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
  return operate('list tokens', async () => stepIn(await run(READ_ROWS, [created, digests], args)))
}

function stepIn(reply: unknown): Step {
  const [total, following, lastId, lastCreatedAt, ...rows] = listIn(reply)
  const step = { records: recordsIn(rows), total: countIn(total), more: countIn(following) > 0 }
  if (lastId === null && lastCreatedAt === null) return { ...step, last: null }
  return { ...step, last: { after: expandText(textIn(lastId)), createdAt: textIn(lastCreatedAt) } }
}

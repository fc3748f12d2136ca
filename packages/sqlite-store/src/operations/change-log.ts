import { randomBytes } from 'node:crypto'
import type { Announcement, ChangeFeed, Changes, LeasedChanges, Leases } from '@tessera/core'
import type { Statements } from '../connection/database.ts'
import type { KeptLease } from '../rows/kept-lease.ts'
import type { Writer } from '../connection/writer.ts'

interface Entry {
  readonly n: number
  readonly nonce: string
  readonly digest: string | null
  readonly owner: string | null
}

const REVISION = /^(\d{1,15})-[\w-]{1,64}$/

/** The change feed, and the way to write to it inside a transaction. */
export interface ChangeLog {
  readonly feed: ChangeFeed
  append(owner: string, announced: Announcement): void
}

/** How the log deals with leases. */
export interface Lending {
  readonly kept: KeptLease
  readonly leases: Leases
  /** The length of this process; left out if it lends none. */
  readonly ownMs: number | undefined
}

/** @param changesKept How many changes a reader may be behind. */
export function changeLogIn(
  sql: Statements,
  { read, write }: Writer,
  changesKept: number,
  { kept, leases, ownMs }: Lending,
): ChangeLog {
  function newest(): Entry {
    const entry = sql.get<Entry>('select n, nonce from {changes} order by n desc limit 1')
    if (entry === undefined) throw new Error('the change feed is empty')
    return entry
  }

  function changesSince(revision: string): Changes {
    const number = Number(REVISION.exec(revision)?.[1] ?? Number.MAX_SAFE_INTEGER)
    // One statement, and so one state of the feed.
    const entries = sql.all<Entry>('select n, nonce, digest, owner from {changes} where n >= ? order by n', number)
    const [first, ...later] = entries
    if (first === undefined || revisionOf(first) !== revision)
      return { revision: revisionOf(newest()), digests: 'reset' }
    return { revision: revisionOf(later.at(-1) ?? first), ...changesIn(later) }
  }

  /** As of one state. */
  function leasedChangesIn(revision: string): LeasedChanges {
    sql.exec('begin')
    try {
      return { ...changesSince(revision), leaseMs: kept.read() }
    } finally {
      sql.exec('rollback')
    }
  }

  async function leasedChangesSince(revision: string): Promise<LeasedChanges> {
    let changes = await read(() => leasedChangesIn(revision))
    if (changes.leaseMs < (ownMs ?? 0)) {
      await write('lend a lease', () => kept.raise())
      changes = await read(() => leasedChangesIn(revision))
    }
    leases.meet(changes.leaseMs)
    return changes
  }

  return {
    append(owner, announced) {
      const { n } = newest()
      const leaseMs = kept.raise()
      leases.meet(leaseMs)
      const entries =
        announced === 'owner' ? [{ digest: null, owner }] : announced.map((digest) => ({ digest, owner: null }))
      for (const [index, entry] of entries.entries()) {
        const values = [n + 1 + index, randomBytes(9).toString('base64url'), entry.digest, entry.owner, leaseMs]
        sql.run('insert into {changes} (n, nonce, digest, owner, lease_ms) values (?, ?, ?, ?, ?)', ...values)
      }
      // The oldest entry is where a reader may stand; it needs no digest any more.
      sql.run('delete from {changes} where n < ?', n + entries.length - changesKept)
    },
    feed: {
      revision: () => read(() => revisionOf(newest())),
      changesSince: (revision) => read(() => changesSince(revision)),
      ...(ownMs !== undefined && { leasedChangesSince }),
    },
  }
}

function revisionOf({ n, nonce }: Entry): string {
  return `${n}-${nonce}`
}

function changesIn(entries: readonly Entry[]): Omit<Changes, 'revision'> {
  const digests = entries.flatMap(({ digest }) => digest ?? [])
  const owners = [...new Set(entries.flatMap(({ owner }) => owner ?? []))]
  return owners.length === 0 ? { digests } : { digests, owners }
}

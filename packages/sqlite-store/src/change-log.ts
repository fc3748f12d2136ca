import { randomBytes } from 'node:crypto'
import type { Announcement, ChangeFeed, Changes } from '@tessera/core'
import type { Statements } from './database.ts'
import type { Writer } from './writer.ts'

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

/** @param changesKept How many changes a reader may be behind. */
export function changeLogIn(sql: Statements, { read }: Pick<Writer, 'read'>, changesKept: number): ChangeLog {
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

  return {
    append(owner, announced) {
      const { n } = newest()
      const entries =
        announced === 'owner' ? [{ digest: null, owner }] : announced.map((digest) => ({ digest, owner: null }))
      for (const [index, entry] of entries.entries()) {
        const values = [n + 1 + index, randomBytes(9).toString('base64url'), entry.digest, entry.owner]
        sql.run('insert into {changes} (n, nonce, digest, owner) values (?, ?, ?, ?)', ...values)
      }
      // The oldest entry is where a reader may stand; it needs no digest any more.
      sql.run('delete from {changes} where n < ?', n + entries.length - changesKept)
    },
    feed: {
      revision: () => read(() => revisionOf(newest())),
      changesSince: (revision) => read(() => changesSince(revision)),
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

import { randomBytes } from 'node:crypto'
import type { ChangeFeed } from '@tessera/core'

const MOST_KEPT = 10_000

/** The store's change feed, and the way to write to it. */
export interface ChangeLog {
  readonly feed: ChangeFeed
  append(digest: string): void
}

interface Entry {
  readonly revision: string
  readonly digest: string
}

/** Keeps the latest {@link MOST_KEPT} changes; a reader that stands before those starts over. */
export function createChangeLog(): ChangeLog {
  let newest = newRevision(0)
  let count = 0
  // The first entry is where the log begins: a reader may stand there, but its own digest counts no more.
  const entries: Entry[] = [{ revision: newest, digest: '' }]

  return {
    append(digest) {
      count += 1
      newest = newRevision(count)
      entries.push({ revision: newest, digest })
      if (entries.length > MOST_KEPT + 1) entries.shift()
    },
    feed: {
      revision: async () => newest,
      async changesSince(revision) {
        const steps = count - Number.parseInt(revision, 10)
        const index = entries.length - 1 - steps
        if (entries[index]?.revision !== revision) return { revision: newest, digests: 'reset' }
        return { revision: newest, digests: entries.slice(index + 1).map(({ digest }) => digest) }
      },
    },
  }
}

function newRevision(count: number): string {
  return `${count}-${randomBytes(9).toString('base64url')}`
}

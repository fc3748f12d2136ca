import { randomBytes } from 'node:crypto'
import type { ChangeFeed, Changes } from '@tessera/core'

const MOST_KEPT = 10_000

/** The store's change feed, and the way to write to it. */
export interface ChangeLog {
  readonly feed: ChangeFeed
  append(change: Change): void
}

/** A changed token, or an owner with any changed tokens. */
export type Change = { readonly digest: string } | { readonly owner: string }

interface Entry {
  readonly revision: string
  readonly change: Change
}

/** Keeps the latest {@link MOST_KEPT} changes. A reader from before them starts over. */
export function createChangeLog(): ChangeLog {
  let newest = newRevision(0)
  let count = 0
  // The first entry is where the log begins: a reader may stand there, but its own change counts no more.
  const entries: Entry[] = [{ revision: newest, change: { digest: '' } }]

  return {
    append(change) {
      count += 1
      newest = newRevision(count)
      entries.push({ revision: newest, change })
      if (entries.length > MOST_KEPT + 1) entries.shift()
    },
    feed: {
      revision: async () => newest,
      async changesSince(revision) {
        const steps = count - Number.parseInt(revision, 10)
        const index = entries.length - 1 - steps
        if (entries[index]?.revision !== revision) return { revision: newest, digests: 'reset' }
        return { revision: newest, ...changesIn(entries.slice(index + 1)) }
      },
    },
  }
}

function changesIn(entries: readonly Entry[]): Omit<Changes, 'revision'> {
  const changes = entries.map(({ change }) => change)
  const digests = changes.flatMap((change) => ('digest' in change ? [change.digest] : []))
  const owners = changes.flatMap((change) => ('owner' in change ? [change.owner] : []))
  return owners.length === 0 ? { digests } : { digests, owners: [...new Set(owners)] }
}

function newRevision(count: number): string {
  return `${count}-${randomBytes(9).toString('base64url')}`
}

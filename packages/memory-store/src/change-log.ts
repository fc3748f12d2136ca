import { randomUUID } from 'node:crypto'
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

/**
 * Keeps the latest {@link MOST_KEPT} changes. A reader from before them starts over. It begins at its first use: in a Worker
 * nothing is drawn at random before a request.
 */
export function createChangeLog(): ChangeLog {
  let count = 0
  const entries: Entry[] = []

  function newest(): string {
    // The first entry is where the log begins: a reader may stand there, but its own change counts no more.
    if (entries.length === 0) entries.push({ revision: newRevision(count), change: { digest: '' } })
    return entries.at(-1)?.revision ?? ''
  }

  return {
    append(change) {
      newest()
      count += 1
      entries.push({ revision: newRevision(count), change })
      // Many at once: with each one the rest would move by a place.
      if (entries.length > 2 * MOST_KEPT) entries.splice(0, entries.length - MOST_KEPT - 1)
    },
    feed: {
      revision: async () => newest(),
      async changesSince(revision) {
        const steps = count - Number.parseInt(revision, 10)
        const index = entries.length - 1 - steps
        const isKept = steps <= MOST_KEPT && entries[index]?.revision === revision
        if (!isKept) return { revision: newest(), digests: 'reset' }
        return { revision: newest(), ...changesIn(entries.slice(index + 1)) }
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
  // Many are drawn from the system at once.
  return `${count}-${randomUUID()}`
}

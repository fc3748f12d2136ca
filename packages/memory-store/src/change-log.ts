import { randomBytes } from 'node:crypto'
import type { ChangeFeed, Changes } from '@tessera/core'

const MOST_KEPT = 10_000
const MOST_TOLD_SINGLY = 200

/** The store's change feed, and the way to write to it. */
export interface ChangeLog {
  readonly feed: ChangeFeed
  append(digest: string): void
  /** Adds what a bulk revocation changed: each digest if they are few, else the owner. */
  appendBulk(owner: string, digests: readonly string[]): void
}

/** What changed: one token, or any of an owner's. */
type Change = { readonly digest: string } | { readonly owner: string }

interface Entry {
  readonly revision: string
  readonly change: Change
}

/** Keeps the latest {@link MOST_KEPT} changes; a reader that stands before those starts over. */
export function createChangeLog(): ChangeLog {
  let newest = newRevision(0)
  let count = 0
  // The first entry is where the log begins: a reader may stand there, but its own change counts no more.
  const entries: Entry[] = [{ revision: newest, change: { digest: '' } }]

  function append(change: Change): void {
    count += 1
    newest = newRevision(count)
    entries.push({ revision: newest, change })
    if (entries.length > MOST_KEPT + 1) entries.shift()
  }

  return {
    append: (digest) => append({ digest }),
    appendBulk(owner, digests) {
      if (digests.length > MOST_TOLD_SINGLY) append({ owner })
      else for (const digest of digests) append({ digest })
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
  return owners.length === 0 ? { digests } : { digests, owners }
}

function newRevision(count: number): string {
  return `${count}-${randomBytes(9).toString('base64url')}`
}

import type { TokenRecord } from '@tessera/core'

/** The pending reads of records. */
export interface PendingReads {
  /**
   * Returns the pending read of these digests, if it was not dropped. Else it begins one, and gives the record to `keep`
   * unless the read was dropped by then.
   */
  share(digests: readonly string[], read: () => Reading, keep: (record: TokenRecord) => void): Reading
  /** A pending read for this digest is neither kept nor shared from here on. */
  drop(digest: string): void
  dropAll(): void
}

type Reading = Promise<TokenRecord | null>

interface PendingRead {
  readonly digests: readonly string[]
  readonly reading: Reading
}

export function createPendingReads(): PendingReads {
  /** By each of their digests. A read counts as dropped once it lost one place, to another read or to `drop`. */
  const pending = new Map<string, PendingRead>()

  /** Gives up the places of a read. Returns whether it still had all of them. */
  function end(one: PendingRead): boolean {
    const left = one.digests.filter((digest) => pending.get(digest) === one)
    for (const digest of left) pending.delete(digest)
    return left.length === one.digests.length
  }

  function begin(digests: readonly string[], read: () => Reading, keep: (record: TokenRecord) => void): Reading {
    const reading = read().then(
      (record) => {
        if (end(begun) && record !== null) keep(record)
        return record
      },
      (error: unknown) => {
        end(begun)
        throw error
      },
    )
    const begun: PendingRead = { digests, reading }
    for (const digest of digests) pending.set(digest, begun)
    return reading
  }

  return {
    share(digests, read, keep) {
      const known = pending.get(digests[0] ?? '')
      return known !== undefined && areSame(known.digests, digests) ? known.reading : begin(digests, read, keep)
    },
    drop(digest) {
      const known = pending.get(digest)
      if (known !== undefined) end(known)
    },
    dropAll: () => pending.clear(),
  }
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((digest, index) => digest === others[index])
}

import type { TokenRecord } from '@tessera/core'

/** The reads of records that are under way. */
export interface Fills {
  /**
   * The read of these digests that is under way and was not dropped; else a new one, whose record goes to `keep` unless
   * the fill is dropped before it arrives.
   */
  share(digests: readonly string[], read: () => Reading, keep: (record: TokenRecord) => void): Reading
  /** From here on, a fill that looks for this digest is neither kept nor shared. */
  drop(digest: string): void
  dropAll(): void
}

type Reading = Promise<TokenRecord | null>

interface Fill {
  readonly digests: readonly string[]
  readonly reading: Reading
}

export function createFills(): Fills {
  /** By each digest that they look for. One that lost a place to another fill, or to `drop`, counts as dropped. */
  const underWay = new Map<string, Fill>()

  /** Gives up the places of a fill, and tells whether it still had all of them. */
  function end(fill: Fill): boolean {
    const held = fill.digests.filter((digest) => underWay.get(digest) === fill)
    for (const digest of held) underWay.delete(digest)
    return held.length === fill.digests.length
  }

  function begin(digests: readonly string[], read: () => Reading, keep: (record: TokenRecord) => void): Reading {
    const reading = read().then(
      (record) => {
        if (end(fill) && record !== null) keep(record)
        return record
      },
      (error: unknown) => {
        end(fill)
        throw error
      },
    )
    const fill: Fill = { digests, reading }
    for (const digest of digests) underWay.set(digest, fill)
    return reading
  }

  return {
    share(digests, read, keep) {
      const known = underWay.get(digests[0] ?? '')
      return known !== undefined && areSame(known.digests, digests) ? known.reading : begin(digests, read, keep)
    },
    drop(digest) {
      const fill = underWay.get(digest)
      if (fill !== undefined) end(fill)
    },
    dropAll: () => underWay.clear(),
  }
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((digest, index) => digest === others[index])
}

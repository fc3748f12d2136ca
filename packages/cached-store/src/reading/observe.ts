import { channel } from 'node:diagnostics_channel'
import type { CacheStats, TokenRecord } from '@tessera/core'

/** The message on `tessera:cache`. */
export interface CacheMessage {
  /** `hit` and `miss` of a verification; `reading` of the change feed, `change` for each digest and each owner in it, `reset`. */
  readonly operation: 'hit' | 'miss' | 'reading' | 'change' | 'reset'
  /** The API of the token of a hit; otherwise `null`, since a cache serves every API on its store. */
  readonly prefix: string | null
}

/** Counts and publishes the events of a cache. */
export interface Observer {
  hit(record: TokenRecord): void
  observe(operation: Exclude<CacheMessage['operation'], 'hit'>): void
  failed(): void
  /** A verification found that the lease counts, or does not. */
  askedLease(counts: boolean): void
  /** @param lengthMs The length of the lease, for `stats`; left out, there is none. */
  stats(lengthMs?: number): CacheStats
}

const messages = channel('tessera:cache')

export function createObserver(): Observer {
  let hits = 0
  let failedReadings = 0
  let [answered, awaited] = [0, 0]
  const counts = { miss: 0, reading: 0, change: 0, reset: 0 }

  function publish(operation: CacheMessage['operation'], prefix: string | null): void {
    if (messages.hasSubscribers) messages.publish({ operation, prefix } satisfies CacheMessage)
  }

  return {
    hit({ prefix }) {
      hits += 1
      publish('hit', prefix)
    },
    observe(operation) {
      counts[operation] += 1
      publish(operation, null)
    },
    failed() {
      failedReadings += 1
    },
    askedLease(isCounting) {
      if (isCounting) answered += 1
      else awaited += 1
    },
    stats: (lengthMs) => ({
      hits,
      misses: counts.miss,
      readings: counts.reading,
      failedReadings,
      resets: counts.reset,
      lease: lengthMs === undefined ? null : { lengthMs, answered, awaited },
    }),
  }
}

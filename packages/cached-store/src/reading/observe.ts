import { channel } from 'node:diagnostics_channel'
import type { CacheStats } from '@tessera/core'

/** The message on `tessera:cache`. */
export interface CacheMessage {
  /** `hit` and `miss` of a verification; `reading` of the change feed, `change` for each digest and each owner in it, `reset`. */
  readonly event: 'hit' | 'miss' | 'reading' | 'change' | 'reset'
  /** The first 8 characters of the digest of a hit, miss or change. */
  readonly digest: string | null
}

/** Counts and publishes the events of a cache. */
export interface Observer {
  hit(digest: string | undefined): void
  observe(event: Exclude<CacheMessage['event'], 'hit'>, digest?: string): void
  stats(): CacheStats
}

const messages = channel('tessera:cache')

export function createObserver(): Observer {
  let hits = 0
  const counts = { miss: 0, reading: 0, change: 0, reset: 0 }

  function publish(event: CacheMessage['event'], digest: string | undefined): void {
    if (messages.hasSubscribers) messages.publish({ event, digest: digest?.slice(0, 8) ?? null })
  }

  return {
    hit(digest) {
      hits += 1
      publish('hit', digest)
    },
    observe(event, digest) {
      counts[event] += 1
      publish(event, digest)
    },
    stats: () => ({ hits, misses: counts.miss, readings: counts.reading, resets: counts.reset }),
  }
}

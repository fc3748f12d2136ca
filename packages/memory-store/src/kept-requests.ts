import type { Idempotency, InsertOutcome, TokenRecord } from '@tessera/core'

/** The idempotent requests that took effect, by owner and key. */
export interface KeptRequests {
  /** What a request under a used key is answered with; `null` where the key is free. */
  answer(owner: string, request: Idempotency, now: number): InsertOutcome | null
  keep(request: Idempotency, inserted: TokenRecord): void
  /** Forgets the keys that had expired by `before`. */
  prune(before: number): void
}

interface KeptRequest extends Omit<Idempotency, 'key'> {
  /** As it was then. */
  readonly inserted: TokenRecord
}

export function createKeptRequests(): KeptRequests {
  const owners = new Map<string, Map<string, KeptRequest>>()
  return {
    answer(owner, { key, fingerprint }, now) {
      const kept = owners.get(owner)?.get(key)
      if (kept === undefined || kept.expiresAt <= now) return null
      if (kept.fingerprint !== fingerprint) return { outcome: 'idempotency_conflict' }
      return { outcome: 'replayed', record: kept.inserted }
    },
    keep({ key, fingerprint, expiresAt }, inserted) {
      const keys = owners.get(inserted.owner) ?? new Map<string, KeptRequest>()
      owners.set(inserted.owner, keys.set(key, { fingerprint, expiresAt, inserted }))
    },
    prune(before) {
      for (const [owner, keys] of owners) {
        for (const [key, { expiresAt }] of keys) if (expiresAt <= before) keys.delete(key)
        if (keys.size === 0) owners.delete(owner)
      }
    },
  }
}

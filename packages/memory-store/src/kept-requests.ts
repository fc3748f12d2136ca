import type { Idempotency, TokenRecord } from '@tessera/core'

/** What an idempotent request inserted, as it was then. */
export interface KeptRequest {
  readonly fingerprint: string
  readonly expiresAt: number
  readonly record: TokenRecord
}

/** The idempotent requests that took effect, by owner and key. */
export interface KeptRequests {
  find(owner: string, key: string, now: number): KeptRequest | null
  keep(request: Idempotency, record: TokenRecord): void
  /** Forgets those whose key had expired by `before`. */
  prune(before: number): void
}

export function createKeptRequests(): KeptRequests {
  const owners = new Map<string, Map<string, KeptRequest>>()
  return {
    find(owner, key, now) {
      const kept = owners.get(owner)?.get(key)
      return kept === undefined || kept.expiresAt <= now ? null : kept
    },
    keep({ key, fingerprint, expiresAt }, record) {
      const keys = owners.get(record.owner) ?? new Map<string, KeptRequest>()
      owners.set(record.owner, keys.set(key, { fingerprint, expiresAt, record }))
    },
    prune(before) {
      for (const [owner, keys] of owners) {
        for (const [key, { expiresAt }] of keys) if (expiresAt <= before) keys.delete(key)
        if (keys.size === 0) owners.delete(owner)
      }
    },
  }
}

import type { Idempotency, Repeated, TokenRecord } from '@tessera/core'

/** What a request is answered with when it is repeated: the token that it made or changed, or how many it revoked. */
export type KeptAnswer = { readonly record: TokenRecord } | { readonly revoked: number }

/** The idempotent requests that took effect, by owner and key. */
export interface KeptRequests {
  /** How a used key decides about a request for one token; `null` where there is no key, or it is free. */
  answerForToken(
    owner: string,
    request: Idempotency | null,
    now: number,
  ): Repeated<{ readonly record: TokenRecord }> | null
  /** The same for a request for many. */
  answerForMany(owner: string, request: Idempotency | null, now: number): Repeated<{ readonly revoked: number }> | null
  keep(owner: string, request: Idempotency | null, answer: KeptAnswer): void
  /** Forgets the keys that have expired. */
  prune(now: number): void
}

interface KeptRequest extends Omit<Idempotency, 'key'> {
  readonly answer: KeptAnswer
}

export function createKeptRequests(): KeptRequests {
  const owners = new Map<string, Map<string, KeptRequest>>()

  /** The answer to an equal request, `'conflict'` to any other, `null` where the key is free. */
  function find(owner: string, request: Idempotency | null, now: number): KeptAnswer | 'conflict' | null {
    const kept = request && owners.get(owner)?.get(request.key)
    if (request === null || kept === null || kept === undefined || kept.expiresAt <= now) return null
    return kept.fingerprint === request.fingerprint ? kept.answer : 'conflict'
  }

  return {
    answerForToken(owner, request, now) {
      const answer = find(owner, request, now)
      if (answer === null) return null
      if (answer === 'conflict' || !('record' in answer)) return { outcome: 'idempotency_conflict' }
      return { outcome: 'replayed', record: answer.record }
    },
    answerForMany(owner, request, now) {
      const answer = find(owner, request, now)
      if (answer === null) return null
      if (answer === 'conflict' || !('revoked' in answer)) return { outcome: 'idempotency_conflict' }
      return { outcome: 'replayed', revoked: answer.revoked }
    },
    keep(owner, request, answer) {
      if (request === null) return
      const keys = owners.get(owner) ?? new Map<string, KeptRequest>()
      const { key, fingerprint, expiresAt } = request
      owners.set(owner, keys.set(key, { fingerprint, expiresAt, answer }))
    },
    prune(now) {
      for (const [owner, keys] of owners) {
        for (const [key, { expiresAt }] of keys) if (expiresAt <= now) keys.delete(key)
        if (keys.size === 0) owners.delete(owner)
      }
    },
  }
}

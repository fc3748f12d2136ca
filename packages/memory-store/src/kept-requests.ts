import type { Idempotency, Repeated, TokenRecord } from '@tessera/core'
import { countFirst, insertSorted } from './sorted.ts'

/** What a request is answered with when it is repeated: the token that it made or changed, or how many it revoked. */
export type KeptAnswer = { readonly record: TokenRecord } | { readonly revoked: number }

type Decision<Answer> = Repeated<Answer> | null

/** The idempotent requests that took effect, by owner and key. */
export interface KeptRequests {
  /** How a used key answers a request for one token; `null` where it is free. */
  find(owner: string, request: Idempotency, now: number): Decision<{ readonly record: TokenRecord }>
  /** How a key decides about a request for one token; `null` where there is none, or it may be used. */
  decideForToken(owner: string, request: Idempotency | null, now: number): Decision<{ readonly record: TokenRecord }>
  /** The same for a request for many. */
  decideForMany(owner: string, request: Idempotency | null, now: number): Decision<{ readonly revoked: number }>
  keep(owner: string, request: Idempotency | null, answer: KeptAnswer): void
  /** Forgets the keys that have expired. */
  prune(now: number): void
}

interface KeptRequest extends Idempotency {
  readonly answer: KeptAnswer
}

interface OwnerRequests {
  readonly byKey: Map<string, KeptRequest>
  /** The same by expiry, so that the expired are found without a search. */
  readonly byExpiry: KeptRequest[]
}

export function createKeptRequests(): KeptRequests {
  const owners = new Map<string, OwnerRequests>()

  /** What an equal request is answered with, `'conflict'` for any other, `null` where the key is free. */
  function answerTo(owner: string, request: Idempotency, now: number): KeptAnswer | 'conflict' | null {
    const kept = owners.get(owner)?.byKey.get(request.key)
    if (kept === undefined || kept.expiresAt <= now) return null
    return kept.fingerprint === request.fingerprint ? kept.answer : 'conflict'
  }

  function hasRoom(owner: string, { limit }: Idempotency, now: number): boolean {
    forgetExpired(owner, now)
    return limit === undefined || (owners.get(owner)?.byKey.size ?? 0) < limit
  }

  function forgetExpired(owner: string, now: number): void {
    const requests = owners.get(owner)
    if (requests === undefined) return
    const { byKey, byExpiry } = requests
    const count = countFirst(byExpiry, ({ expiresAt }) => expiresAt <= now)
    for (const expired of byExpiry.splice(0, count)) byKey.delete(expired.key)
    if (byKey.size === 0) owners.delete(owner)
  }

  function find(owner: string, request: Idempotency, now: number): Decision<{ readonly record: TokenRecord }> {
    const answer = answerTo(owner, request, now)
    if (answer === null) return null
    if (answer === 'conflict' || !('record' in answer)) return { outcome: 'idempotency_conflict' }
    return { outcome: 'replayed', record: answer.record }
  }

  return {
    find,
    decideForToken(owner, request, now) {
      if (request === null) return null
      const found = find(owner, request, now)
      return found ?? (hasRoom(owner, request, now) ? null : { outcome: 'idempotency_limit_reached' })
    },
    decideForMany(owner, request, now) {
      if (request === null) return null
      const answer = answerTo(owner, request, now)
      if (answer === null) return hasRoom(owner, request, now) ? null : { outcome: 'idempotency_limit_reached' }
      if (answer === 'conflict' || !('revoked' in answer)) return { outcome: 'idempotency_conflict' }
      return { outcome: 'replayed', revoked: answer.revoked }
    },
    keep(owner, request, answer) {
      if (request === null) return
      const requests = owners.get(owner) ?? { byKey: new Map<string, KeptRequest>(), byExpiry: [] }
      const kept = { ...request, answer }
      requests.byKey.set(request.key, kept)
      insertSorted(requests.byExpiry, kept, ({ expiresAt }) => expiresAt <= kept.expiresAt)
      owners.set(owner, requests)
    },
    prune(now) {
      for (const owner of owners.keys()) forgetExpired(owner, now)
    },
  }
}

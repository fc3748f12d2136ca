import { prefixOfKey } from '@tessera/core'
import type { Idempotency, MadeToken, Repeated, TokenRecord } from '@tessera/core'
import type { KeptAnswer, NaiveState } from './state.ts'

/** The answer kept for an equal request; `'conflict'` for any other under the same key, `null` if the key is free. */
function find(
  { requests }: Readonly<NaiveState>,
  owner: string,
  request: Idempotency | null,
  now: number,
): KeptAnswer | 'conflict' | null {
  const kept = requests.find((each) => each.owner === owner && each.key === request?.key && now < each.expiresAt)
  if (kept === undefined) return null
  return kept.fingerprint === request?.fingerprint ? kept.answer : 'conflict'
}

/** How a used key answers a request for one token. */
export function answerForToken(
  state: Readonly<NaiveState>,
  owner: string,
  request: Idempotency | null,
  now: number,
): Repeated<MadeToken> | null {
  const answer = find(state, owner, request, now)
  if (answer === null) return null
  if (answer === 'conflict' || !('record' in answer)) return { outcome: 'idempotency_conflict' }
  return { outcome: 'replayed', ...answer }
}

/** How a key decides about a request for one token. */
export function decideForToken(...args: Parameters<typeof answerForToken>): Repeated<MadeToken> | null {
  return answerForToken(...args) ?? refusalForRoom(...args)
}

/** A new key is refused while the owner holds as many others as it may. */
function refusalForRoom(
  { requests }: Readonly<NaiveState>,
  owner: string,
  request: Idempotency | null,
  now: number,
): { readonly outcome: 'idempotency_limit_reached' } | null {
  const isCounted = ({ key }: Idempotency) => prefixOfKey(key) === prefixOfKey(request?.key ?? '')
  const kept = requests.filter((each) => each.owner === owner && isCounted(each) && now < each.expiresAt).length
  return kept < (request?.limit ?? Infinity) ? null : { outcome: 'idempotency_limit_reached' }
}

/** How a key decides about a request for many. */
export function decideForMany(
  state: Readonly<NaiveState>,
  owner: string,
  request: Idempotency | null,
  now: number,
): Repeated<{ readonly revoked: number }> | null {
  const answer = find(state, owner, request, now)
  if (answer === null) return refusalForRoom(state, owner, request, now)
  if (answer === 'conflict' || !('revoked' in answer)) return { outcome: 'idempotency_conflict' }
  return { outcome: 'replayed', revoked: answer.revoked }
}

/** The answer kept of a request for a new token. */
export function madeToken(record: TokenRecord, sealed: string | undefined): KeptAnswer {
  return sealed === undefined ? { record } : { record, sealed }
}

/** Keeps the answer to a request, in front of older ones under the same key. */
export function keepRequest(state: NaiveState, owner: string, request: Idempotency | null, answer: KeptAnswer): void {
  if (request !== null) state.requests = [{ ...request, owner, answer }, ...state.requests]
}

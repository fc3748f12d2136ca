import type { TokenRecord } from '../../token/token.ts'
import type { Decision, Idempotency, Kept, KeptAnswer, MadeToken, Seen, Wants } from './decision.ts'

/**
 * How a key decides about a request, before anything else does. An equal request gets the first answer, whatever became of
 * the token since.
 */
export type Repeated<Answer> =
  | ({ readonly outcome: 'replayed' } & Answer)
  /** The key was used with another request. */
  | { readonly outcome: 'idempotency_conflict' }
  /** The key is free, and the owner holds as many others as the request's `limit` allows. */
  | { readonly outcome: 'idempotency_limit_reached' }

/** The wants of a step for such a request, and for these tokens. */
export function wanting(ids: readonly string[], request: Idempotency | null, at: number): Wants {
  if (request === null) return { ids, key: null }
  return request.limit === undefined ? { ids, key: request.key } : { ids, key: request.key, keysAt: at }
}

/** How a key decides about a request for one token; `null` if there is no key, or it may be used. */
export function repeatedForToken(
  seen: Pick<Seen, 'kept' | 'keys' | 'latest'>,
  request: Idempotency | null,
  at: number,
): Repeated<MadeToken> | null {
  const answer = answerTo(seen, request, at)
  if (answer === undefined) return hasRoom(seen, request) ? null : { outcome: 'idempotency_limit_reached' }
  return isRecord(answer) ? { outcome: 'replayed', ...answer } : { outcome: 'idempotency_conflict' }
}

/**
 * The same for a request for many tokens. `null` also if a request finds its own claim without an answer: it goes on.
 */
export function repeatedForMany(
  seen: Pick<Seen, 'kept' | 'keys' | 'latest'>,
  request: Idempotency | null,
  at: number,
): Repeated<{ readonly revoked: number }> | null {
  const answer = answerTo(seen, request, at)
  if (answer === undefined) return hasRoom(seen, request) ? null : { outcome: 'idempotency_limit_reached' }
  if (answer === null) return null
  return isCount(answer) ? { outcome: 'replayed', revoked: answer.revoked } : { outcome: 'idempotency_conflict' }
}

/**
 * What an equal request for one token announces: that token again. The call that changed it may have failed before the
 * announcement, or before its acknowledgement.
 */
export function announcedAgain(
  repeated: Repeated<MadeToken>,
  { records }: Pick<Seen, 'records'>,
): Pick<Decision<never>, 'announce'> {
  if (repeated.outcome !== 'replayed') return {}
  const { id, digest } = repeated.record
  return { announce: [...new Set([digest, records.get(id)?.digest ?? digest])] }
}

/** The part of a decision that keeps an answer under the request's key, for the request's time. */
export function keeping(
  seen: Pick<Seen, 'latest'>,
  request: Idempotency | null,
  at: number,
  answer: KeptAnswer,
): Pick<Decision<never>, 'keep'> {
  if (request === null) return {}
  return { keep: { ...request, expiresAt: request.expiresAt - (at - countedOf(seen, at)), answer } }
}

/** The answer to keep of a request that makes a token. */
export function madeToken(record: TokenRecord, sealed: string | undefined): MadeToken {
  return sealed === undefined ? { record } : { record, sealed }
}

/** The answer to an equal request; `'conflict'` for another one; `undefined` if the key is free. */
function answerTo(
  seen: Pick<Seen, 'kept' | 'latest'>,
  request: Idempotency | null,
  at: number,
): KeptAnswer | 'conflict' | undefined {
  const kept = keptAt(seen, at)
  if (request === null || kept === null) return undefined
  return kept.fingerprint === request.fingerprint ? kept.answer : 'conflict'
}

/** What is kept under the key, if it has not expired. */
export function keptAt(seen: Pick<Seen, 'kept' | 'latest'>, at: number): Kept | null {
  const { kept } = seen
  return kept === null || countedOf(seen, at) >= kept.expiresAt ? null : kept
}

/** A clock ahead of the store's own counts as that one: it must not free the keys of others. */
export function countedOf({ latest = Number.POSITIVE_INFINITY }: Pick<Seen, 'latest'>, at: number): number {
  return Math.min(at, latest)
}

function hasRoom({ keys }: Pick<Seen, 'keys'>, request: Idempotency | null): boolean {
  return request?.limit === undefined || keys === null || keys < request.limit
}

function isRecord(answer: KeptAnswer | 'conflict'): answer is MadeToken {
  return typeof answer === 'object' && answer !== null && 'record' in answer
}

function isCount(answer: KeptAnswer | 'conflict'): answer is { readonly revoked: number } {
  return typeof answer === 'object' && answer !== null && 'revoked' in answer
}

import { covers, coversAny } from './scope.ts'
import type { ScopeRules } from './scope.ts'
import { shardIn } from './secret.ts'
import type { Settings } from './settings.ts'
import { isPendingSuccessor, statusOf, toToken } from './token.ts'
import type { Token, TokenRecord, TokenStatus } from './token.ts'

/** Whether a secret may be used now, and which token it is. A refusal is an answer, not an error. */
export type Verification =
  | { readonly ok: true; readonly token: Token }
  | { readonly ok: false; readonly reason: RefusalReason }

export type RefusalReason =
  | 'missing' // nothing was presented
  | 'malformed' // never issued here: wrong length, prefix, characters or checksum
  | 'unknown' // well formed, but no such token
  | Exclude<TokenStatus, 'active'>
  | 'insufficient_scope'

/** What the token must be granted: all of `scopes`, and at least one of `anyScope`. */
export interface Requirements {
  readonly scopes?: readonly string[]
  readonly anyScope?: readonly string[]
}

/** What a store finds the record of a presented secret by. */
export interface Presented {
  readonly digests: readonly [current: string, ...retired: string[]]
  readonly shard: string
}

/** What else there is to do about a verification, off the path of its answer. */
export interface VerifyHooks {
  /** Counts and publishes an answer, and hands it back. */
  observed(verification: Verification): Verification
  /** Records the use, and keeps the record under the current digest when it was found under a retired one. */
  used(record: TokenRecord, digest: string, at: number): void
}

/**
 * Decides whether a presented secret may be used now, and which token it is.
 *
 * Checks in this order and stops at the first failure: shape and checksum (no store call), existence, revoked, expired,
 * suspended, scopes. An accepted use is recorded at most once per `recordUseEveryMs`. The first one of a successor revokes
 * its predecessor before it is answered.
 *
 * @param secret What followed `Bearer `, e.g. `ot_pat_c3f9…bd21`; `undefined` when nothing was presented.
 * @throws StoreError when the store did not answer; never for a bad token
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1 for how `http` words each reason
 */
export async function verifyToken(
  settings: Settings,
  { observed, used }: VerifyHooks,
  secret: string | undefined,
  requirements: Requirements,
): Promise<Verification> {
  if (secret === undefined) return observed({ ok: false, reason: 'missing' })
  const presented = readSecret(settings, secret)
  if (presented === null) return observed({ ok: false, reason: 'malformed' })
  let record = await settings.store.findByDigest(presented.digests, presented.shard)
  if (record === null) return observed({ ok: false, reason: 'unknown' })
  const now = settings.now()
  const status = statusOf(record, now)
  if (status !== 'active') return observed({ ok: false, reason: status })
  if (!permits(record.scopes, requirements, settings)) return observed({ ok: false, reason: 'insufficient_scope' })
  if (record.rotatedFrom !== null && isPendingSuccessor(record)) {
    const completed = await settings.store.completeRotation(record.owner, record.id, now)
    if (completed === null) return observed({ ok: false, reason: 'unknown' })
    record = { ...record, overlapEndsAt: null }
  }
  used(record, presented.digests[0], now)
  return observed({ ok: true, token: toToken(record, now) })
}

/** Needs no store: `null` when the secret's shape shows that it was never issued here. */
export function readSecret({ prefix, digests }: Settings, secret: string): Presented | null {
  const shard = typeof secret === 'string' ? shardIn(secret, prefix) : null
  return shard === null ? null : { digests: digests.all(secret), shard }
}

export function permits(granted: readonly string[], { scopes, anyScope }: Requirements, rules: ScopeRules): boolean {
  if (scopes !== undefined && !covers(granted, scopes, rules)) return false
  return anyScope === undefined || coversAny(granted, anyScope, rules)
}

import type { UseRecorder } from './record-use.ts'
import { covers, coversAny } from './scope.ts'
import type { ScopeRules } from './scope.ts'
import { parseSecret } from './secret.ts'
import type { Settings } from './settings.ts'
import { statusOf, toToken } from './token.ts'
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

type Found =
  /** `digest` is the current one, which may differ from the record's own after the pepper was changed. */
  | { readonly ok: true; readonly record: TokenRecord; readonly digest: string }
  | { readonly ok: false; readonly reason: 'malformed' | 'unknown' }

/** What happens after the answer, off the request's path. */
export interface AfterUse {
  readonly uses: UseRecorder
  /** Keeps the record under the current digest, when it was found under a retired one. */
  rekey(record: TokenRecord, digest: string): void
}

/**
 * Decides whether a presented secret may be used now, and which token it is.
 *
 * Checks in this order and stops at the first failure: shape and checksum (no store call), existence, revoked, expired,
 * suspended, scopes. An accepted use is recorded at most once per `recordUseEveryMs`.
 *
 * @param secret What followed `Bearer `, e.g. `ot_pat_c3f9…bd21`; `undefined` when nothing was presented.
 * @throws StoreError when the store did not answer; never for a bad token
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1 for how `http` words each reason
 */
export async function verifyToken(
  settings: Settings,
  after: AfterUse,
  secret: string | undefined,
  requirements: Requirements,
): Promise<Verification> {
  if (secret === undefined) return { ok: false, reason: 'missing' }
  const found = await findBySecret(settings, secret)
  if (!found.ok) return found
  const { record, digest } = found
  const now = settings.now()
  const status = statusOf(record, now)
  if (status !== 'active') return { ok: false, reason: status }
  if (!permits(record.scopes, requirements, settings)) return { ok: false, reason: 'insufficient_scope' }
  after.uses.note(record, now)
  if (record.digest !== digest) after.rekey(record, digest)
  return { ok: true, token: toToken(record, now) }
}

/** The record of a presented secret. One store call, or none when the secret's shape shows that it was never issued. */
export async function findBySecret({ store, prefix, digests }: Settings, secret: string): Promise<Found> {
  const parsed = typeof secret === 'string' ? parseSecret(secret) : null
  if (parsed?.prefix !== prefix) return { ok: false, reason: 'malformed' }
  const candidates = digests.all(secret)
  const record = await store.findByDigest(candidates, parsed.shard)
  return record === null ? { ok: false, reason: 'unknown' } : { ok: true, record, digest: candidates[0] }
}

export function permits(granted: readonly string[], { scopes, anyScope }: Requirements, rules: ScopeRules): boolean {
  return covers(granted, scopes ?? [], rules) && (anyScope === undefined || coversAny(granted, anyScope, rules))
}

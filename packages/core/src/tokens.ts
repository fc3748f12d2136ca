import { createAcceptor } from './accept-token.ts'
import { createBackground } from './background.ts'
import type { Changed } from './change-token.ts'
import { shareCompletions } from './complete-rotation.ts'
import { isWatched, publish } from './diagnostics.ts'
import type { Diagnostics } from './diagnostics.ts'
import { editToken } from './edit-token.ts'
import type { EditRequest } from './edit-token.ts'
import { explainSecret } from './explain-secret.ts'
import type { Explanation } from './explain-secret.ts'
import type { IdempotentOptions } from './idempotency.ts'
import { introspectToken } from './introspect-token.ts'
import { issueToken } from './issue-token.ts'
import type { Issued, Replayed } from './issue-token.ts'
import type { IdempotentIssueRequest, IssueRequest } from './issue-request.ts'
import { listTokens } from './list-tokens.ts'
import type { ListOptions, TokenList } from './list-tokens.ts'
import type { TokensOptions } from './options.ts'
import { keepRule, pruneOnSchedule, pruneTokens } from './prune-tokens.ts'
import type { PruneOptions, PruningOptions } from './prune-tokens.ts'
import { createUseRecorder } from './record-use.ts'
import { revokeAllTokens } from './revoke-all.ts'
import type { RevokeAllOptions, RevokedAll } from './revoke-all.ts'
import { revokeSecret, revokeToken } from './revoke-token.ts'
import type { RevokeOptions } from './revoke-token.ts'
import { rotateSecret, rotateToken } from './rotate-token.ts'
import type { RotateOptions, Rotated } from './rotate-token.ts'
import { createScheduler } from './schedule.ts'
import type { Schedule } from './schedule.ts'
import { missingScopes, permits } from './scope.ts'
import type { Requirements } from './scope.ts'
import { settingsOf } from './settings.ts'
import type { TokensStats } from './stats.ts'
import { resumeToken, suspendToken } from './suspend-token.ts'
import { toToken } from './token.ts'
import type { ActedBy } from './token-event.ts'
import type { Token } from './token.ts'
import { listUnusedTokens, revokeUnusedOfAll, revokeUnusedTokens, revokingUnusedRules } from './unused-tokens.ts'
import type { RevokeUnusedOptions, RevokingUnusedOptions, UnusedOptions } from './unused-tokens.ts'
import { verifyById } from './verify-by-id.ts'
import { verifyToken } from './verify-token.ts'
import type { Verification, Verifier, VerifyOptions } from './verify-token.ts'

/** The tokens of one API: the verbs, bound to a store and its rules. Every verb rejects with a StoreError when the store fails. */
export interface Tokens extends AsyncDisposable {
  /** {@link issueToken} */
  issue(request: IssueRequest): Promise<Issued>
  issue(request: IdempotentIssueRequest): Promise<Issued | Replayed>
  /** {@link verifyToken} */
  verify(secret: string | undefined, options?: VerifyOptions): Promise<Verification>
  /** {@link verifyById} */
  verifyById(owner: string, id: string, options?: VerifyOptions): Promise<Verification>
  /** {@link introspectToken} */
  introspect(secret: string): Promise<Token | null>
  /** {@link explainSecret} */
  explain(secret: string | undefined, options?: VerifyOptions): Promise<Explanation>
  /** {@link listTokens} */
  list(owner: string, options?: ListOptions): Promise<TokenList>
  /** One of the owner's tokens; `null` for no such id, and for another owner's. */
  get(owner: string, id: string): Promise<Token | null>
  /** {@link revokeToken} */
  revoke(owner: string, id: string, options?: RevokeOptions & IdempotentOptions): Promise<Changed>
  /** {@link revokeSecret} */
  revokeSecret(secret: string, options?: RevokeOptions): Promise<Token | null>
  /** {@link revokeAllTokens} */
  revokeAll(owner: string, options?: RevokeAllOptions): Promise<RevokedAll>
  /** {@link listUnusedTokens} */
  listUnused(owner: string, options: UnusedOptions): Promise<readonly Token[]>
  /** {@link revokeUnusedTokens} */
  revokeUnused(owner: string, options: RevokeUnusedOptions): Promise<number>
  /**
   * Revokes the unused tokens of all `owners` once in every `everyMs`, as `startPruning` prunes. A run ends with the first
   * owner that fails.
   *
   * @throws TypeError that names the option that is unknown or wrong
   * @throws Error when there is a schedule already
   */
  startRevokingUnused(options: RevokingUnusedOptions): Schedule
  /** {@link suspendToken} */
  suspend(owner: string, id: string, options?: IdempotentOptions & ActedBy): Promise<Changed>
  /** {@link resumeToken} */
  resume(owner: string, id: string, options?: IdempotentOptions & ActedBy): Promise<Changed>
  /** {@link editToken} */
  edit(owner: string, id: string, request: EditRequest, options?: IdempotentOptions & ActedBy): Promise<Changed>
  /** {@link rotateToken} */
  rotate(owner: string, id: string, options?: RotateOptions & { readonly idempotencyKey?: undefined }): Promise<Issued>
  rotate(owner: string, id: string, options: RotateOptions & IdempotentOptions): Promise<Issued | Replayed>
  /** {@link rotateSecret} */
  rotateSecret(
    secret: string,
    options?: RotateOptions & { readonly idempotencyKey?: undefined },
  ): Promise<Rotated | null>
  rotateSecret(secret: string, options: RotateOptions & IdempotentOptions): Promise<Rotated | Replayed | null>
  /** {@link pruneTokens} */
  prune(options?: PruneOptions): Promise<number>
  /**
   * Prunes once in every `everyMs`, from a random moment of the first one on, until it is stopped or the tokens are closed.
   * Start it in every process: of those on one store, one prunes in each `everyMs`. A failure goes to `onError`, and the next run is on time. The process may end meanwhile.
   *
   * @throws TypeError that names the option that is unknown or wrong
   * @throws Error when there is a schedule already
   */
  startPruning(options?: PruningOptions): Schedule
  /** Whether a token's scopes meet the requirements, by the rules of these tokens. */
  permits(token: Pick<Token, 'scopes'>, requirements: Requirements): boolean
  /** Those of `required` that `granted` does not hold, by the rules of these tokens. */
  missingScopes(granted: readonly string[], required: readonly string[]): readonly string[]
  /** Whether a text has the shape of these tokens' ids. One that has not may be a secret: do not repeat it. */
  isId(text: string): boolean
  /** What happened since these tokens were created, in this process. */
  stats(): TokensStats
  /** Writes the uses that are still in memory. Rejects with a StoreError when they could not be written; they are kept. */
  flush(): Promise<void>
  /** Ends the schedules, flushes and waits for background work. Call it before the process ends; the store stays open, since it is yours. */
  close(): Promise<void>
}

/**
 * Binds the verbs to a store.
 *
 * @throws TypeError that names the option that is unknown, wrong or contradicts another
 * @example
 * const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
 * const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: ['jobs:read'] })
 * const verification = await tokens.verify(secret, { scopes: ['jobs:read'] })
 */
export function createTokens(options: TokensOptions): Tokens {
  const settings = settingsOf(options)
  const { store, now, onError, ids, events, expiry } = settings
  const uses = createUseRecorder(store, { everyMs: settings.recordUseEveryMs, expiry, now, onError })
  const background = createBackground(onError)
  const pruner = createScheduler<PruningOptions>(
    'startPruning',
    { keepMs: keepRule },
    (only, everyMs) => pruneOnSchedule(settings, only, everyMs),
    onError,
  )
  const unusedRevoker = createScheduler<RevokingUnusedOptions>(
    'startRevokingUnused',
    revokingUnusedRules,
    (only) => revokeUnusedOfAll(settings, uses, only),
    onError,
  )
  const verifier: Verifier = {
    settings,
    completeRotation: shareCompletions(store, events),
    acceptor: createAcceptor(store, settings, uses, background, events),
    observed(verification) {
      settings.counters.countVerification(verification)
      if (isWatched('verify')) publish('verify', () => messageOf(verification))
      return verification
    },
  }

  async function issue(request: IdempotentIssueRequest): Promise<Issued | Replayed> {
    const issued = await issueToken(settings, request)
    const { owner, id: tokenId } = issued.token
    publish('issue', () => ({ owner, tokenId, replayed: issued.replayed }))
    return issued
  }

  async function get(owner: string, id: string): Promise<Token | null> {
    const record = ids.matches(id) ? await store.find(owner, id) : null
    return record === null ? null : toToken(record, now())
  }

  async function close(): Promise<void> {
    await Promise.all([pruner.stop(), unusedRevoker.stop()])
    await background.settle()
    try {
      await uses.flush()
    } finally {
      await events?.settle()
    }
  }

  return {
    issue: (request: IdempotentIssueRequest) => issue(request) as Promise<Issued>,
    verify: (secret, wanted) => verifyToken(verifier, secret, wanted),
    verifyById: (owner, id, wanted) => verifyById(verifier, owner, id, wanted),
    introspect: (secret) => introspectToken(settings, secret),
    explain: (secret, wanted = {}) => explainSecret(settings, secret, wanted),
    list: (owner, options = {}) => listTokens(settings, owner, options),
    get,
    revoke: (owner, id, options = {}) => revokeToken(settings, owner, id, options),
    revokeSecret: (secret, options = {}) => revokeSecret(settings, secret, options),
    revokeAll: (owner, options = {}) => revokeAllTokens(settings, owner, options),
    listUnused: (owner, only) => listUnusedTokens(settings, uses, owner, only),
    revokeUnused: (owner, only) => revokeUnusedTokens(settings, uses, owner, only),
    startRevokingUnused: (only) => unusedRevoker.start(only),
    suspend: (owner, id, options = {}) => suspendToken(settings, owner, id, options),
    resume: (owner, id, options = {}) => resumeToken(settings, owner, id, options),
    edit: (owner, id, request, options = {}) => editToken(settings, owner, id, request, options),
    rotate: (owner: string, id: string, options: RotateOptions & IdempotentOptions = {}) =>
      rotateToken(settings, owner, id, options) as Promise<Issued>,
    rotateSecret: (secret: string, options: RotateOptions & IdempotentOptions = {}) =>
      rotateSecret(settings, secret, options) as Promise<Rotated | null>,
    prune: (options = {}) => pruneTokens(settings, options),
    startPruning: (options = {}) => pruner.start(options),
    permits: (token, requirements) => permits(token, requirements, settings),
    missingScopes: (granted, required) => missingScopes(granted, required, settings),
    isId: (text) => ids.matches(text),
    stats: () => ({
      ...settings.counters.read(),
      usesDropped: uses.dropped(),
      cache: options.store.cacheStats?.() ?? null,
    }),
    flush: () => uses.flush(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function messageOf(verification: Verification): Diagnostics['verify'] {
  if (!verification.ok) return { reason: verification.reason, owner: null, tokenId: null }
  return { reason: null, owner: verification.token.owner, tokenId: verification.token.id }
}

import type { CloseOptions } from './close-tokens.ts'
import type { Changed } from './manage/change-token.ts'
import type { TokenUsage } from './manage/count-usage.ts'
import type { EditRequest } from './manage/edit-token.ts'
import type { Issued, Replayed } from './manage/issue-token.ts'
import type { ListOptions, TokenList } from './manage/list-tokens.ts'
import type { PruneOptions, PruningOptions } from './manage/prune-tokens.ts'
import type { CeilingOptions } from './manage/request/ceilings.ts'
import type { CreatorOption } from './manage/request/creator.ts'
import type { IdempotentOptions } from './manage/request/idempotency.ts'
import type { IdempotentIssueRequest, IssueRequest } from './manage/request/issue-request.ts'
import type { SealOptions } from './manage/request/secret-again.ts'
import type { RevokeAllOptions, RevokedAll } from './manage/revoke-all.ts'
import type { RevokeOneOptions, RevokeSecretOptions, Revoked } from './manage/revoke-token.ts'
import type { RotateOptions, Rotated } from './manage/rotate-token.ts'
import type { RevokeUnusedOptions, RevokingUnusedOptions, UnusedOptions } from './manage/unused-tokens.ts'
import type { AnnouncingExpiringOptions, ExpiringOptions } from './notices/expiring-tokens.ts'
import type { RefusedCaller } from './observe/events.ts'
import type { TokensStats } from './observe/stats.ts'
import type { ActedBy, Derivation } from './observe/token-event.ts'
import type { ReportOptions, TokenReport } from './report/report-tokens.ts'
import type { Schedule } from './setup/schedule.ts'
import type { TokenRules } from './setup/token-rules.ts'
import type { Requirements } from './token/scope.ts'
import type { Token } from './token/token.ts'
import type { RefusalReason, Verification, VerifyOptions } from './token/verification.ts'
import type { Explanation } from './verify/explain-secret.ts'
import type { IntrospectOptions } from './verify/introspect-token.ts'
import type { VerifyNow } from './verify/verify-token.ts'
import type { VerifiedToken, WatchOptions } from './watch/watch-options.ts'
import type { Watch } from './watch/watch-token.ts'

/**
 * The verbs for the tokens of one API. `Scope` is the catalogue of its scopes; `string` if that is open.
 *
 * Every verb rejects with a `StoreError` if the store fails. A change may then have been made or not: repeat the call. Give
 * `issue` an `idempotencyKey`, so that repeating it makes no second token.
 */
export interface Tokens<Scope extends string = string> extends AsyncDisposable {
  /** What may be issued, as frozen data for forms and documents: prefix, scopes, wildcards, limit and expiry. */
  readonly rules: TokenRules<Scope>
  /**
   * Issues a token. The limit of active tokens and the idempotency key hold under any concurrency.
   *
   * @returns The token with its secret, shown only here. A repeated request gets the token, and the secret only with the same
   *   `sealUnder`.
   * @throws TokenError `invalid_parameter`, `insufficient_scope`, `active_limit_reached`, `idempotency_conflict`,
   *   `idempotency_limit_reached`
   */
  issue(request: IssueRequest<Scope>): Promise<Issued>
  issue(request: IdempotentIssueRequest<Scope>): Promise<Issued | Replayed>
  /**
   * Decides whether a presented secret may be used now, and finds its token.
   *
   * Checks in this order, and stops at the first failure: shape and checksum (no store call), existence, revoked, expired,
   * suspended, networks, scopes. An accepted use is recorded at most once per `recordUseEveryMs`. The first use of a
   * successor revokes its predecessor before it is answered.
   *
   * @param secret The text after `Bearer `, e.g. `ot_pat_c3f9…bd21`; `undefined` if nothing was presented.
   * @returns The token, or the reason for the refusal. Never rejects for a bad token.
   * @throws TypeError for an unknown option, and for a requirement that is no list: it would ask for nothing
   * @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1 for the wording of each reason in `http`
   */
  verify(secret: string | undefined, options?: VerifyOptions<Scope>): Promise<Verification>
  /**
   * Verifies as `verify` does, and without waiting if nothing has to be waited for.
   *
   * @returns The answer itself if it is known in this turn: the token is in memory and up to date, or nothing that looks like
   *   a secret was presented. Else the promise of `verify`. One call is one verification either way.
   * @throws whatever `verify` would reject with, if that is known in this turn
   * @example
   * const answer = tokens.verifyNow(secret)
   * const verification = answer instanceof Promise ? await answer : answer
   */
  readonly verifyNow: VerifyNow<Scope>
  /**
   * Finds the token of a presented secret, if it may be used now. Decides and records as `verify` does, and keeps the reason
   * of a refusal to itself.
   *
   * @returns `null` for every other secret. So `if (await tokens.authenticate(secret))` asks what it seems to ask; an answer
   *   of `verify` is an object, and true either way.
   */
  authenticate(secret: string | undefined, options?: VerifyOptions<Scope>): Promise<Token | null>
  /**
   * Checks a token known by its id, as `verify` does. This authenticates nobody, since an id is no secret. It is for a
   * credential derived from the token and verified before, such as a signed access token: so it ends with the token.
   *
   * @returns The token, or the reason for the refusal: `malformed` if the id has the wrong shape.
   */
  checkById(owner: string, id: string, options?: VerifyOptions<Scope>): Promise<Verification>
  /**
   * Finds the active token of a secret, for somebody who asks about it (RFC 7662). Networks are asked for as by `verify`,
   * scopes are not. Counts as a verification in no statistics, and as a use only with `countsAsUse`.
   *
   * @returns `null` for any other secret, without a reason.
   * @see https://www.rfc-editor.org/rfc/rfc7662#section-2.2
   */
  introspect(secret: string, options?: IntrospectOptions): Promise<Token | null>
  /**
   * Watches the token of an open connection, such as a stream of events, a WebSocket or a long download. The signal aborts once
   * `verify` would refuse the token, and if the store could not be asked for `withinMs`. So the connection ends with its token.
   *
   * A change made before the call counts as well: nothing is lost between `verify` and `watch`. All watches of a process share
   * one reading of the change feed, five in `withinMs`. Only changed tokens are read. An open watch is no use of its token.
   *
   * @param token The answer of `verify`.
   * @returns The signal, with a `WatchError` as its reason, and `close` for the end of the connection.
   * @throws TypeError for a wrong or unknown option, and for anything but a token
   */
  watch(token: VerifiedToken, options?: WatchOptions<Scope>): Watch
  /**
   * Explains to an operator why a secret is accepted or refused. Records no use, counts nothing, and never shows the
   * secret. Keep the answer from whoever presents the secret.
   *
   * @returns The checks in the order of `verify`. The first failed one is the reason.
   */
  explain(secret: string | undefined, options?: VerifyOptions<Scope>): Promise<Explanation>
  /**
   * Lists one owner's tokens. Statuses, filters and the total are of one instant.
   *
   * By creation, a filtered page after a place looks at 5,000 tokens at most. It may be short or empty, and have a `next`:
   * the list ends where `next` is `null`.
   *
   * @returns By default the 50 oldest, and how many there are in all.
   * @throws TokenError `invalid_parameter`
   * @throws TypeError for an unknown option: it would filter nothing
   */
  list(owner: string, options?: ListOptions): Promise<TokenList>
  /**
   * Counts one owner's active tokens at this instant, suspended ones included: the number that `issue` compares with the
   * limit.
   *
   * @throws TokenError `invalid_parameter`
   */
  usage(owner: string): Promise<TokenUsage>
  /**
   * Finds one of the owner's tokens. See `findById` for operators.
   *
   * @returns `null` for an unknown id, and for another owner's.
   */
  get(owner: string, id: string): Promise<Token | null>
  /**
   * Finds a token without its owner, for operators. Keep it from clients: no handler of `@tessera/http` asks it. The cost is
   * the store's: in memory a look at every owner, in SQLite at every id, on Redis a walk over the names of all keys.
   *
   * @returns `null` for an unknown id.
   */
  findById(id: string): Promise<Token | null>
  /**
   * Revokes one of the owner's tokens for ever. Revoking again keeps the first `revokedAt` and reason.
   *
   * After a `StoreError` the token may still be accepted: repeat the call.
   *
   * With the reason `leaked`, all tokens of its line by rotation are revoked, earlier and later ones, and with `issued` all
   * that these issued. The token comes first. The call resolves once all of them are refused, those made meanwhile included.
   *
   * @returns The revoked token, and the ids of those that ended with it.
   * @throws TokenError `token_not_found`, `invalid_parameter`, `idempotency_conflict`, `idempotency_limit_reached`
   */
  revoke(owner: string, id: string, options?: RevokeOneOptions): Promise<Revoked>
  /**
   * Revokes the token of a secret (RFC 7009), and in the same step the successors that nobody has used: whoever has the secret
   * may have theirs. The secret is the permission.
   *
   * @returns The revoked token and the ids of those that ended with it, or `null` if there is none.
   * @throws TokenError `invalid_parameter`, `forbidden` if `mayRevoke` does not allow it, `idempotency_conflict`,
   *   `idempotency_limit_reached`
   */
  revokeSecret(secret: string, options?: RevokeSecretOptions): Promise<Revoked | null>
  /**
   * Revokes many of the owner's tokens for ever: all of them, or those that meet every condition. Once it is acknowledged,
   * each such token issued before the call is refused. A failed call may have revoked some; repeat it for the rest.
   *
   * @returns How many tokens were revoked.
   * @throws TokenError `invalid_parameter`, `idempotency_conflict`, `idempotency_limit_reached`
   * @throws TypeError for an unknown option: it would spare nothing
   */
  revokeAll(owner: string, options?: RevokeAllOptions): Promise<RevokedAll>
  /**
   * Lists the owner's tokens to be revoked by `revokeUnused` at this moment, oldest first. An introspection counts as a
   * use only with `countsAsUse`, the default over HTTP.
   *
   * @throws TokenError `invalid_parameter`
   */
  listUnused(owner: string, options: UnusedOptions): Promise<readonly Token[]>
  /**
   * Revokes the owner's tokens without a use for some time, with reason `expired_unused`. Suspended and expired ones are
   * revoked too. Any number of processes may do it at once. Refuses to if no use of any of them was ever recorded: then uses
   * may be lost.
   *
   * - A token gets `recordUseEveryMs` and ten seconds more, since uses are recorded late.
   * - The uses known to this process are written first.
   * - A use accepted by another process in the last second may be overlooked, as may one that process could not write.
   * - An introspection without `countsAsUse` is no use: a token that only a gateway introspects is then revoked.
   *
   * After a `StoreError` some may be revoked: repeat the call for the rest.
   *
   * @returns How many tokens this call revoked.
   * @throws TokenError `invalid_parameter`, `no_use_recorded` unless `evenIfNoneWasUsed`
   * @throws StoreError `clock_skew` if this process' clock runs too far ahead of the store's
   */
  revokeUnused(owner: string, options: RevokeUnusedOptions): Promise<number>
  /**
   * Revokes the unused tokens of all `owners` once in every `everyMs`. The schedule is like that of `startPruning`. A run
   * ends with the first owner that fails. An owner without a recorded use is left out, and `onError` gets the reason.
   *
   * @throws TypeError for an unknown or wrong option, with its name
   * @throws Error if there is a schedule already
   */
  startRevokingUnused(options: RevokingUnusedOptions): Schedule
  /**
   * Lists the owner's tokens that end by the clock within some time, by expiry or by the end of their overlap: the next to
   * end first. Suspended ones are among them.
   *
   * @throws TokenError `invalid_parameter`
   */
  listExpiring(owner: string, options: ExpiringOptions): Promise<readonly Token[]>
  /**
   * Announces each of these tokens to `onEvent` as `expiring`: once for each `withinMs`, by all processes together. Waits for
   * the hook.
   *
   * - The store notes the notice after the hook took it. If the hook fails, or its process dies, another run announces it
   *   again, five minutes later at the earliest: rather twice than never.
   * - A token with an end that moves, such as a sliding one, gets the next notice after `withinMs` at the earliest.
   *
   * After a `StoreError` some may be announced: repeat the call for the rest.
   *
   * @returns How many tokens this call announced.
   * @throws TokenError `invalid_parameter`
   * @throws TypeError without the option `onEvent`: nobody would learn of it
   */
  announceExpiring(owner: string, options: ExpiringOptions): Promise<number>
  /**
   * Announces the expiring tokens of all `owners` once in every `everyMs`. The schedule is like that of `startPruning`. A run
   * ends if the store fails. An owner that is none, such as an empty text, is left out, and `onError` gets the reason.
   *
   * @throws TypeError for an unknown or wrong option, with its name, and without the option `onEvent`
   * @throws Error if there is a schedule already
   */
  startAnnouncingExpiring(options: AnnouncingExpiringOptions): Schedule
  /**
   * Reports which scopes of the owner's tokens were asked for, so that the others can be taken away. Needs the option
   * `recordScopesAsked`. Active and suspended tokens are reported, the oldest first.
   *
   * @throws TokenError `invalid_parameter`
   */
  report(owner: string, options?: ReportOptions): Promise<readonly TokenReport[]>
  /**
   * Refuses a token until it is resumed. Suspending again keeps the first `suspendedAt`. A suspended token counts towards
   * the limit of active tokens.
   *
   * @returns The suspended token.
   * @throws TokenError `token_not_found`, `idempotency_conflict`, `idempotency_limit_reached`, `invalid_transition` for a
   *   revoked token
   */
  suspend(owner: string, id: string, options?: IdempotentOptions & ActedBy): Promise<Changed>
  /**
   * Accepts a suspended token again. Changes nothing if it is not suspended. A call that failed never undoes a later
   * suspension.
   *
   * @returns The token, no longer suspended.
   * @throws TokenError `token_not_found`, `idempotency_conflict`, `idempotency_limit_reached`, `invalid_transition` for a
   *   revoked token, or if others kept changing it at the same time
   */
  resume(owner: string, id: string, options?: IdempotentOptions & ActedBy): Promise<Changed>
  /**
   * Changes the name, the scopes, the expiry or the networks of a token. The change holds for every verification invoked
   * later, in any process. Edits at the same time are decided one after the other, so narrowing never widens.
   *
   * @returns The edited token.
   * @throws TokenError `token_not_found`, `invalid_parameter`, `idempotency_conflict`, `idempotency_limit_reached`,
   *   `invalid_transition` for a revoked token, and for the expiry of an expired one, `insufficient_scope` with the scopes
   *   that may not be added, `beyond_ceiling` for a token with a later end or more networks than whoever asks
   */
  edit(owner: string, id: string, request: EditRequest<Scope>, options?: IdempotentOptions & ActedBy): Promise<Changed>
  /**
   * Replaces a token by a successor with the same name, scopes, networks, attributes and expiry, within the rules of today.
   * The limit of active tokens does not count here: the successor takes over the place. With `expiresAt` the successor gets
   * another expiry, as at issue.
   *
   * The old token is accepted until one of these, and is then revoked with reason `rotated`:
   *
   * - the first use of the successor, or of a successor's successor;
   * - the end of the overlap;
   * - its own expiry.
   *
   * While it is accepted, it can be rotated again: the unused successors are revoked, and the overlap ends no later than it
   * did. So a lost answer is no lost token. A successor can be rotated before its first use, and the old token stays.
   *
   * @returns The successor with its secret. A repeated request gets the successor without the secret.
   * @throws TokenError `token_not_found`, `invalid_parameter`, `idempotency_conflict`, `idempotency_limit_reached`
   * @throws TokenError `invalid_transition` for a token that is not active, or that its line has no time left for, and for a
   *   repeated request if its successor is not active any more, `details.rotatedTo`
   * @throws TokenError `insufficient_scope`, `beyond_ceiling` if the successor could do more than a ceiling allows
   * @throws TokenError `active_limit_reached` if the former successor has ended, and others have taken its place
   */
  rotate(
    owner: string,
    id: string,
    options?: RotateOptions & CreatorOption & CeilingOptions & { readonly idempotencyKey?: undefined },
  ): Promise<Issued>
  rotate(
    owner: string,
    id: string,
    options: RotateOptions & CreatorOption & CeilingOptions & IdempotentOptions & SealOptions,
  ): Promise<Issued | Replayed>
  /**
   * Replaces the token of a secret, like `rotate`. Called again with the same old secret, it answers with the same new
   * secret, as long as the old one is accepted and the successor is active. So a lost answer is not a lost token. The store
   * keeps the new secret sealed under the old one, and never has the old one. If the successor has ended, there is another
   * one.
   *
   * Under an idempotency key the second answer has no secret. A call without the key still gets it.
   *
   * @returns The successor with its secret, or `null` if the secret is not of an active token.
   * @throws TokenError `invalid_parameter`, `idempotency_conflict`, `idempotency_limit_reached`, `active_limit_reached`
   * @throws TokenError `invalid_transition` if someone without the secret has rotated the token, or the successor is
   *   suspended; `details.rotatedTo` is the successor
   */
  rotateSecret(
    secret: string,
    options?: RotateOptions & { readonly idempotencyKey?: undefined },
  ): Promise<Rotated | null>
  rotateSecret(secret: string, options: RotateOptions & IdempotentOptions): Promise<Rotated | Replayed | null>
  /**
   * Removes the records of tokens that ended more than `keepMs` ago, and expired idempotency keys. Their secrets are
   * refused as `unknown` from then on. Any number of processes may prune at once.
   *
   * After a `StoreError` some may be gone: repeat the call for the rest.
   *
   * @returns How many records this call removed.
   * @throws TokenError `invalid_parameter`
   * @throws StoreError `clock_skew` if this process' clock runs too far ahead of the store's
   */
  prune(options?: PruneOptions): Promise<number>
  /**
   * Prunes once in every `everyMs`, until it is stopped or the tokens are closed. Start it in every process: of all those
   * on one store, one prunes in each `everyMs`.
   *
   * - The first run comes at a random moment of the first `everyMs`.
   * - A failure goes to `onError`, and the next run is on time.
   * - It does not keep the process alive.
   *
   * @throws TypeError for an unknown or wrong option, with its name
   * @throws Error if there is a schedule already
   */
  startPruning(options?: PruningOptions): Schedule
  /**
   * Counts and announces a refusal decided after `verify` accepted the token, e.g. for a scope asked for by a later handler.
   *
   * @param token Whoever was refused, a person without an id too; `null` for nobody.
   */
  noteRefusal(reason: RefusalReason, token: RefusedCaller | null, request?: Pick<VerifyOptions, 'ip' | 'context'>): void
  /**
   * Whether a token's scopes meet the requirements, by the rules of these tokens. For a whole token they count as asked, see
   * `report`.
   */
  permits(token: Pick<Token, 'scopes'> & Partial<Token>, requirements: Requirements<Scope>): boolean
  /** The required scopes not covered by `granted`, by the rules of these tokens. */
  missingScopes(granted: readonly string[], required: readonly string[]): readonly string[]
  /** Whether a text has the shape of these tokens' ids. Do not repeat any other text: it may be a secret. */
  isId(text: string): boolean
  /**
   * Reports to `onEvent` that a credential was derived from a token: who, from which token, for which scopes and until when.
   * It changes nothing. For packages that derive such, like `@tessera/access-jwt`.
   */
  reportExchange(token: Token, derivation: Derivation & ActedBy): void
  /**
   * Resolves if the store answers one cheap read within 800 ms. All callers of a second share the read and its answer. For
   * load balancers, see `healthHandler` of `@tessera/http`.
   *
   * @throws StoreError
   */
  ready(): Promise<void>
  /** Counts since these tokens were created, in this process. */
  stats(): TokensStats
  /** Writes the uses and the asked scopes still in memory. After a `StoreError` they are kept, and written later. */
  flush(): Promise<void>
  /**
   * Ends the schedules and all watches, writes the uses in memory, and waits for background work and for `onEvent`. Call it
   * before the process ends. The store stays open, since it is yours.
   *
   * @throws StoreError if the uses in memory could not be written
   * @throws Error after `withinMs`, with the names of what is left: a hook or a store may never answer
   */
  close(options?: CloseOptions): Promise<void>
}

/** The scopes that may be asked of tokens, by the catalogue they were created with: `ScopeOf<typeof tokens>`. */
export type ScopeOf<Of extends Tokens> = Of extends Tokens<infer Scope> ? Scope : never

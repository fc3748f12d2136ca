export type { Acceptance } from './accept-token.ts'
export type { Changed } from './change-token.ts'
export { areWithin } from './allowed-networks.ts'
export { checkOptions, hasMethods, isBoolean, isFunction, isString } from './check-options.ts'
export type { OptionRule } from './check-options.ts'
export { createDeadline } from './deadline.ts'
export type { WithinDeadline } from './deadline.ts'
export type { Diagnostics } from './diagnostics.ts'
export { digestSecret } from './digest.ts'
export type { Pepper, PepperRing } from './digest.ts'
export type { EditRequest } from './edit-token.ts'
export { StoreError, TokenError } from './errors.ts'
export type { StoreErrorCode, TokenErrorCode, TokenErrorDetails } from './errors.ts'
export type { ExplainedToken, Explanation } from './explain-secret.ts'
export type { ExpiryRules } from './expiry.ts'
export { flatCopy } from './flat-copy.ts'
export type { IdempotentOptions } from './idempotency.ts'
export { prefixedIds, timeOrderedIds, uuidIds } from './ids.ts'
export type { IdFormat } from './ids.ts'
export type { IdempotentIssueRequest, IssueRequest } from './issue-request.ts'
export type { Issued, Replayed } from './issue-token.ts'
export type { ListOptions, TokenList } from './list-tokens.ts'
export { clockRule, storeRule, wholeNumber } from './option-rules.ts'
export type { TokensOptions } from './options.ts'
export { matchesPreview, preview } from './preview.ts'
export type { PruneOptions, PruningOptions } from './prune-tokens.ts'
export { compareBy, filterBy, nameContains, placeOf } from './query.ts'
export type { Place, SortField, TokenPage, TokenQuery, TokenSort, TokenWindow } from './query.ts'
export { checkRetention } from './retention.ts'
export type { Retention } from './retention.ts'
export type { RevokeAllOptions, RevokedAll } from './revoke-all.ts'
export type { RevokeOptions } from './revoke-token.ts'
export type { RotateOptions, Rotated } from './rotate-token.ts'
export type { Schedule, ScheduleOptions } from './schedule.ts'
export { covers, coversAny, isScope, missingScopes } from './scope.ts'
export type { Requirements, ScopeRules } from './scope.ts'
export { generateSecret, isPrefix, parseSecret, secretPattern, shardOf } from './secret.ts'
export type { ParsedSecret } from './secret.ts'
export type { ChangeFeed, Changes, FindByDigest, Held, HeldRecord, TokenStore } from './store.ts'
export type {
  BulkRevocation,
  Change,
  ChangeOutcome,
  Edit,
  Idempotency,
  InsertConditions,
  InsertOutcome,
  Repeated,
  Revocation,
  RevokeAllOutcome,
  RotateOutcome,
  Rotation,
  TokenUse,
} from './store-steps.ts'
export type { CacheStats, TokensStats } from './stats.ts'
export { asOf, endOf, isPendingSuccessor, statusOf, storedStatusOf, toToken } from './token.ts'
export type { Check } from './token-checks.ts'
export type { ActedBy, EventToken, TokenEvent } from './token-event.ts'
export type { RevocationReason, Token, TokenAttributes, TokenRecord, TokenStatus } from './token.ts'
export { createTokens } from './tokens.ts'
export type { Tokens } from './tokens.ts'
export type { RevokeUnusedOptions, RevokingUnusedOptions, UnusedOptions } from './unused-tokens.ts'
export type { Accepted, RefusalReason, Verification, VerifyOptions } from './verify-token.ts'

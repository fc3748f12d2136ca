export { generateAccessKey } from './keys/access-key.ts'
export type { AccessKey, Algorithm, PublicAccessKey } from './keys/access-key.ts'
export type { JsonWebKeySet, ScheduledKey } from './keys/key-ring.ts'
export type { AccessToken } from './verify/access-token.ts'
export type { CheckingVerifier, Parents } from './verify/checking-verifier.ts'
export type { AccessMessage, AccessStats } from './verify/verification-counter.ts'
export type { AccessVerification } from './verify/verify-access-token.ts'
export { acceptBoth } from './accept-both.ts'
export { createAccessTokens } from './access-tokens.ts'
export type { AccessTokens, ParentToken } from './access-tokens.ts'
export { createAccessVerifier } from './access-verifier.ts'
export type {
  CheckingVerifierOptions,
  OfflineVerifier,
  OfflineVerifierOptions,
  VerifierOptions,
} from './access-verifier.ts'
export { ExchangeError } from './errors.ts'
export type { ExchangeErrorCode } from './errors.ts'
export { exchangeHandler } from './exchange-handler.ts'
export type { ExchangeRequest, Exchanged } from './exchange-token.ts'
export { keySetHandler } from './key-set-handler.ts'
export type { KeySetHandlerOptions } from './key-set-handler.ts'
export type { AccessTokensOptions } from './options.ts'

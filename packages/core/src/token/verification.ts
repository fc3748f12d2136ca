import type { Requirements } from './scope.ts'
import type { Token, TokenStatus } from './token.ts'

/** Whether a secret may be used now, and its token. A refusal is an answer, not an error. */
export type Verification = Accepted | { readonly ok: false; readonly reason: RefusalReason }

export interface Accepted {
  readonly ok: true
  readonly token: Token
}

export type RefusalReason =
  | 'missing' // nothing was presented
  | 'malformed' // never issued here: wrong length, prefix, characters or checksum
  | 'unknown' // well formed, but no such token
  | Exclude<TokenStatus, 'active'>
  | 'network_not_allowed' // bound to networks, and used from elsewhere or from nobody knows where
  | 'insufficient_scope'

/** The requirements of a verification, and the client's address. */
export interface VerifyOptions extends Requirements {
  /** The client's address, IPv4 or IPv6. Without one, no token with networks is accepted. */
  readonly ip?: string | null | undefined
}

export const NONE: VerifyOptions = {}

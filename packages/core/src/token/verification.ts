import type { ContextSource } from './request-context.ts'
import type { Requirements } from './scope.ts'
import type { Token, TokenStatus } from './token.ts'

/** Whether a secret may be used now, and its token. A refusal is an answer, not an error. */
export type Verification = Accepted | { readonly ok: false; readonly reason: RefusalReason }

/** An answer, or the promise of one that has to be waited for. */
export type MaybeLater<Answer> = Answer | Promise<Answer>

/** Whether an answer has to be waited for, whatever library made its promise. */
export function isLater<Answer extends object>(answer: MaybeLater<Answer>): answer is Promise<Answer> {
  return (answer as Partial<Promise<Answer>>).then !== undefined
}

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

/** The requirements of a verification, the client's address, and the request. */
export interface VerifyOptions<Scope extends string = string> extends Requirements<Scope> {
  /** The client's address, IPv4 or IPv6. Without one, no token with networks is accepted. */
  readonly ip?: string | null | undefined
  /** The request, for the events. Default only the `ip`. */
  readonly context?: ContextSource | undefined
  /** Called with a refusal before it is answered. For the app: nothing of it is the client's to know. */
  readonly onRefusal?: ((refused: Refused) => void) | undefined
}

/** A refusal, and the token of the secret if there is one. */
export interface Refused {
  readonly reason: RefusalReason
  readonly token: Token | null
}

export const NONE: VerifyOptions = {}

import type { Token, TokenAttributes } from '@tessera/core'
import { challenge } from './challenge.ts'
import type { HttpRequest } from './message.ts'

/** Who is asking, as the app authenticated them. A verified `Token` is one; so is a person who signed in. */
export interface Caller {
  /** Of the token, for a caller that is one: it may rotate itself with its own secret, and edit itself to less only. */
  readonly id?: string
  /** Whose tokens are managed. */
  readonly owner: Token['owner']
  /** `null` for a caller that scopes do not limit, such as a person who signed in. */
  readonly scopes: readonly string[] | null
  /** Where this caller's tokens may be used from at most: those of the calling token. Default anywhere. */
  readonly networks?: readonly string[] | null
  /** Kept with the tokens that this caller issues, and told to the events as who did what. */
  readonly createdBy?: string | null
  /** When the caller's credential ends, and with it what the caller may issue. Default never. */
  readonly expiresAt?: Date | null
  /** Kept with the tokens that this caller issues. */
  readonly attributes?: TokenAttributes
}

/** @throws Problem 401 with a bare challenge when nobody is authenticated */
export function requireCaller(request: HttpRequest): Caller {
  if (request.caller === null) throw challenge({ ok: false, reason: 'missing' }, request.challenge)
  return request.caller
}

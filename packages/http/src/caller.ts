import type { Token, TokenAttributes } from '@tessera/core'
import { challenge } from './challenge.ts'
import type { HttpRequest } from './message.ts'

/** Who is asking, as the app authenticated them. A verified `Token` is one; so is a person who signed in. */
export interface Caller {
  /** Whose tokens are managed. */
  readonly owner: Token['owner']
  /** `null` for a caller that scopes do not limit, such as a person who signed in. */
  readonly scopes: readonly string[] | null
  /** Where this caller's tokens may be used from at most: those of the calling token. Default anywhere. */
  readonly networks?: readonly string[] | null
  /** Kept with the tokens that this caller issues, and told to the events as who revokes. */
  readonly createdBy?: string | null
  /** Kept with the tokens that this caller issues. */
  readonly attributes?: TokenAttributes
}

/** @throws Problem 401 with a bare challenge when nobody is authenticated */
export function requireCaller(request: HttpRequest): Caller {
  if (request.caller === null) throw challenge({ ok: false, reason: 'missing' })
  return request.caller
}

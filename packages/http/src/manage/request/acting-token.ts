import { StoreError, TokenError } from '@tessera/core'
import type { ActingToken, Tokens } from '@tessera/core'
import type { Caller } from '../../message/caller.ts'
import type { HttpRequest } from '../../message/message.ts'
import { callersSecret } from './own-secret.ts'

/**
 * The calling token, with everything that was asked of it; `undefined` for a person. A change gives it to the verb: the
 * body may have come long after the headers.
 *
 * @param scopes Those asked of it by the operation.
 */
export function actingToken(
  { ip, requirements = [] }: HttpRequest,
  caller: Caller,
  scopes: readonly string[],
  mayOutlive: boolean,
): ActingToken | undefined {
  if (caller.id === undefined) return undefined
  const until = caller.credentialEndsAt ?? null
  return { id: caller.id, ip, requirements: [...requirements, { scopes }], until, mayOutlive }
}

/**
 * A store that shows no step the token of the request has failed, unless the token was pruned meanwhile.
 *
 * @throws StoreError
 */
export async function confirmGone(
  error: unknown,
  asked: { readonly tokens: Tokens; readonly request: HttpRequest; readonly caller: Caller },
): Promise<void> {
  const isMissing = error instanceof TokenError && error.code === 'actor_refused' && error.details.reason === 'unknown'
  if (!isMissing || (await callersSecret(asked)) === null) return
  throw new StoreError('find a token by its id', new Error('the token is found by its digest, and not by its id'))
}

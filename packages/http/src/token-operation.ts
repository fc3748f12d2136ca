import { StoreError, TokenError } from '@tessera/core'
import type { IdempotentOptions, ActedBy, Tokens } from '@tessera/core'
import type { Handler, HttpResponse } from './message.ts'
import { operation } from './operation.ts'
import type { HandlerOptions, Operation } from './operation.ts'
import { ownSecret } from './own-secret.ts'
import { readIdempotencyKey } from './parameters.ts'
import { requireId, tokenNotFound } from './token-path.ts'

/** A change of the token that the path names. */
export interface TokenOperation extends Operation {
  readonly id: string
  /** What every verb that changes a token is told: who does it, and under which key. */
  readonly command: IdempotentOptions & ActedBy
}

/** Makes a handler of what has to change a token only: which it is was found out before, one that is not there is told of after. */
export function tokenOperation(
  tokens: Tokens,
  options: HandlerOptions,
  answer: (operation: TokenOperation) => Promise<HttpResponse>,
): Handler {
  return operation('write', tokens, options, async (operation) => {
    const { request, dialect, caller } = operation
    const id = requireId(request.path, tokens)
    const idempotencyKey = readIdempotencyKey(request, dialect.idempotencyParameter)
    const change = { ...operation, id, command: { idempotencyKey, by: caller.createdBy } }
    try {
      return await answer(change)
    } catch (error) {
      if (!(error instanceof TokenError) || error.code !== 'token_not_found') throw error
      await confirmGone(change)
      throw tokenNotFound(id)
    }
  })
}

/** The token that the request is made with was there, so a store that does not find it has failed, unless it was pruned. */
async function confirmGone(change: TokenOperation): Promise<void> {
  if ((await ownSecret(change)) === null) return
  throw new StoreError('find a token by its id', new Error('the token is found by its digest, and not by its id'))
}

import { TokenError } from '@tessera/core'
import type { IdempotentOptions, ActedBy, Tokens } from '@tessera/core'
import type { Handler, HttpResponse } from '../message/message.ts'
import { readIdempotencyKey } from '../message/parameters.ts'
import { tokenNotFound } from '../message/problem.ts'
import { operation } from './operation.ts'
import type { HandlerOptions, Operation } from './operation.ts'
import { requireId } from './request/token-path.ts'

/** A change of the token in the path. */
export interface TokenOperation extends Operation {
  readonly id: string
  /** The common options of all changing verbs: who does it, and the idempotency key. */
  readonly command: IdempotentOptions & ActedBy
}

/**
 * Builds a handler for one token. It reads the id from the path, and answers 404 if the token does not exist; `self`
 * is the calling token. `answer` only makes the change.
 */
export function tokenOperation(
  tokens: Tokens,
  options: HandlerOptions,
  answer: (operation: TokenOperation) => Promise<HttpResponse>,
): Handler {
  return operation('write', tokens, options, async (operation) => {
    const { request, dialect, caller, actor } = operation
    const id = requireId(request.path, tokens, caller)
    const idempotencyKey = readIdempotencyKey(request, dialect.idempotencyParameter)
    const change = {
      ...operation,
      id,
      command: { idempotencyKey, by: caller.createdBy, actor, context: request.context },
    }
    try {
      return await answer(change)
    } catch (error) {
      if (!(error instanceof TokenError) || error.code !== 'token_not_found') throw error
      throw tokenNotFound(id)
    }
  })
}

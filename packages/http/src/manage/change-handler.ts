import type { Changed, Tokens } from '@tessera/core'
import { jsonResponse, replayHeaders } from '../message/message.ts'
import type { Handler } from '../message/message.ts'
import type { HandlerOptions } from './operation.ts'
import { tokenOperation } from './token-operation.ts'
import type { TokenOperation } from './token-operation.ts'

/** Builds a handler that changes a token. It answers 200 with the changed record. */
export function changeHandler(
  tokens: Tokens,
  options: HandlerOptions,
  change: (operation: TokenOperation) => Promise<Changed>,
): Handler {
  return tokenOperation(tokens, options, async (operation) => {
    const { token, replayed } = await change(operation)
    return jsonResponse(200, operation.dialect.writeToken(token, operation.facts), replayHeaders(replayed))
  })
}

import type { Changed, Tokens } from '@tessera/core'
import { jsonResponse, replayHeaders } from './message.ts'
import type { Handler } from './message.ts'
import type { HandlerOptions } from './operation.ts'
import { tokenOperation } from './token-operation.ts'
import type { TokenOperation } from './token-operation.ts'

/** Makes a handler that changes a token and answers 200 with its record as it is then. */
export function changeHandler(
  tokens: Tokens,
  options: HandlerOptions,
  change: (operation: TokenOperation) => Promise<Changed>,
): Handler {
  return tokenOperation(tokens, options, async (operation) => {
    const { token, replayed } = await change(operation)
    return jsonResponse(200, operation.dialect.writeToken(token), replayHeaders(replayed))
  })
}

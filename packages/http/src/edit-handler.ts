import type { Tokens } from '@tessera/core'
import { changeHandler } from './change-handler.ts'
import type { Handler } from './message.ts'
import type { HandlerOptions } from './operation.ts'
import { readJson } from './read-body.ts'
import { readEdit } from './read-edit.ts'

/**
 * `PATCH /{id}`: changes name or scopes of one of the caller's tokens. What it adds to the scopes must be the caller's own,
 * and a token that edits itself adds nothing.
 */
export function editHandler(tokens: Tokens, options: HandlerOptions): Handler {
  return changeHandler(tokens, options, async ({ request, caller, id, command }) => {
    const fields = readEdit(await readJson(request))
    const limits = { scopeCeiling: caller.scopes, narrowOnly: caller.id === id }
    return tokens.edit(caller.owner, id, { ...fields, ...limits }, command)
  })
}

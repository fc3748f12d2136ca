import type { Tokens } from '@tessera/core'
import type { Handler } from '../message/message.ts'
import { readJson } from '../message/read-body.ts'
import { changeHandler } from './change-handler.ts'
import type { HandlerOptions } from './operation.ts'
import { readEdit } from './request/read-edit.ts'

/**
 * `PATCH /{id}`: changes name, scopes, expiry or networks of one of the caller's tokens. Added scopes must be the caller's
 * own, and go only to a token that ends no later than the caller and may be used from no more networks. Expiry and networks
 * become wider only within the caller's. A token that edits itself only narrows.
 */
export function editHandler(tokens: Tokens, options: HandlerOptions = {}): Handler {
  return changeHandler(tokens, options, async ({ request, dialect, caller, id, command, expiryCeiling }) => {
    const fields = readEdit(await readJson(request), dialect)
    const ceilings = { scopeCeiling: caller.scopes, networkCeiling: caller.networks, expiryCeiling }
    return tokens.edit(caller.owner, id, { ...fields, ...ceilings, narrowOnly: caller.id === id }, command)
  })
}

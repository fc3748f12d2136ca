import type { Tokens } from '@tessera/core'
import type { Dialect } from '../dialects/dialect.ts'
import type { Handler, HttpRequest } from '../message/message.ts'
import { readOptionalJson } from '../message/read-body.ts'
import { changeHandler } from './change-handler.ts'
import type { HandlerOptions } from './operation.ts'
import { refuseOtherFields } from './request/body-fields.ts'

/** `POST /{id}/suspend`: refuses one of the caller's tokens until it is resumed. A body may have no fields. */
export function suspendHandler(tokens: Tokens, options: HandlerOptions = {}): Handler {
  return changeHandler(tokens, options, async ({ request, dialect, caller, id, command }) => {
    await requireNoFields(request, dialect)
    return tokens.suspend(caller.owner, id, command)
  })
}

/** `POST /{id}/resume`: accepts a suspended token again. A body may have no fields. */
export function resumeHandler(tokens: Tokens, options: HandlerOptions = {}): Handler {
  return changeHandler(tokens, options, async ({ request, dialect, caller, id, command }) => {
    await requireNoFields(request, dialect)
    return tokens.resume(caller.owner, id, command)
  })
}

async function requireNoFields(request: HttpRequest, dialect: Dialect): Promise<void> {
  refuseOtherFields(await readOptionalJson(request), [], dialect)
}

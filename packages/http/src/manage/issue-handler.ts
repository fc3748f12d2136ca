import type { Tokens } from '@tessera/core'
import type { Handler } from '../message/message.ts'
import { readIdempotencyKey } from '../message/parameters.ts'
import { readJson } from '../message/read-body.ts'
import { issuedResponse } from './issued-response.ts'
import { operation } from './operation.ts'
import type { HandlerOptions } from './operation.ts'
import { sealingSecret } from './request/own-secret.ts'
import { readIssue } from './request/read-issue.ts'

/**
 * `POST /`: issues a token to the caller's owner, with none but the caller's scopes and networks and for no longer than the
 * caller's own. 201 with the record and, this once, the `secret` beside it. A replay has the same record. It has the secret
 * too if the same calling token asks with its secret in the `Authorization` header, and the new token is active.
 */
export function issueHandler(tokens: Tokens, options: HandlerOptions): Handler {
  return operation('write', tokens, options, async (operation) => {
    const { dialect, request, caller, expiryCeiling, actor } = operation
    const idempotencyKey = readIdempotencyKey(request, dialect.idempotencyParameter)
    const fields = readIssue(await readJson(request), dialect)
    const { owner, scopes: scopeCeiling, networks: networkCeiling, createdBy, attributes } = caller
    const { context } = request
    const ceilings = { scopeCeiling, networkCeiling, expiryCeiling }
    const issued = await tokens.issue({
      ...fields,
      ...ceilings,
      owner,
      createdBy,
      attributes,
      idempotencyKey,
      sealUnder: await sealingSecret(operation, idempotencyKey),
      actor,
      context,
    })
    return issuedResponse(issued, operation)
  })
}

import type { Tokens } from '@tessera/core'
import type { Handler } from '../message/message.ts'
import { readIdempotencyKey } from '../message/parameters.ts'
import { readJson } from '../message/read-body.ts'
import { issuedResponse } from './issued-response.ts'
import { operation } from './operation.ts'
import type { HandlerOptions } from './operation.ts'
import { sealingSecret } from './request/own-secret.ts'
import { readIssue } from './request/read-issue.ts'
import { inRequestWords } from './wire-words.ts'

/**
 * `POST /`: issues a token to the caller's owner, with none but the caller's scopes and networks and for no longer than the
 * caller's own. 201 with the record and, this once, the `secret` beside it. A replay has the same record. It has the secret
 * too if the same calling token asks with its secret in the `Authorization` header, and the new token is active. It has the
 * caller's attributes, and those of the request that the options allow.
 */
export function issueHandler(tokens: Tokens, options: HandlerOptions = {}): Handler {
  return operation('write', tokens, options, async (operation) => {
    const { dialect, request, caller, expiryCeiling, actor } = operation
    const idempotencyKey = readIdempotencyKey(request, dialect.idempotencyParameter)
    const fields = readIssue(await readJson(request), dialect, options.attributes)
    const { owner, scopes: scopeCeiling, networks: networkCeiling, createdBy } = caller
    const { context } = request
    const given = new Map(fields.attributes && [['attributes', dialect.attributesField ?? '']])
    const ceilings = { scopeCeiling, networkCeiling, expiryCeiling }
    const wanted = {
      ...fields,
      ...ceilings,
      owner,
      createdBy,
      attributes: { ...caller.attributes, ...fields.attributes },
      idempotencyKey,
      sealUnder: await sealingSecret(operation, idempotencyKey),
      actor,
      context,
    }
    const issued = await tokens.issue(wanted).catch((error: unknown) => {
      throw inRequestWords(error, given)
    })
    return issuedResponse(issued, operation)
  })
}

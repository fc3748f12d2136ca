import { TokenError } from '@tessera/core'
import type { Issued, Replayed, Tokens } from '@tessera/core'
import type { Dialect } from './dialect.ts'
import { jsonResponse } from './message.ts'
import type { Handler } from './message.ts'
import { operation } from './operation.ts'
import type { HandlerOptions, Operation } from './operation.ts'
import { readIdempotencyKey } from './parameters.ts'
import { invalidParameter } from './problem.ts'
import { readJson } from './read-body.ts'
import { readIssue } from './read-issue.ts'

/**
 * `POST /`: issues a token to the caller's owner, with none but the caller's scopes and networks. 201 with the record and, this once,
 * the `secret` beside it; a replay has the same record without the secret.
 */
export function issueHandler(tokens: Tokens, options: HandlerOptions): Handler {
  return operation('write', tokens, options, async (operation) => {
    const { token, secret, replayed } = await issue(operation)
    const body = operation.dialect.writeToken(token)
    if (replayed) return jsonResponse(201, body, { 'Idempotent-Replayed': 'true' })
    return jsonResponse(201, { ...body, secret })
  })
}

async function issue({ tokens, dialect, request, caller }: Operation): Promise<Issued | Replayed> {
  const idempotencyKey = readIdempotencyKey(request, dialect.idempotencyParameter)
  const fields = readIssue(await readJson(request), dialect)
  const { owner, scopes: scopeCeiling, networks: networkCeiling, createdBy, attributes } = caller
  const ofCaller = { owner, scopeCeiling, networkCeiling, createdBy, attributes }
  try {
    return await tokens.issue({ ...fields, ...ofCaller, idempotencyKey })
  } catch (error) {
    throw inWireNames(error, dialect)
  }
}

function inWireNames(error: unknown, { expiryField }: Dialect): unknown {
  if (!(error instanceof TokenError) || error.code !== 'invalid_parameter') return error
  const { parameter = '', right = '' } = error.details
  const names = new Map([
    ['expiresAt', expiryField],
    ['idempotencyKey', 'Idempotency-Key'],
  ])
  return invalidParameter(names.get(parameter) ?? parameter, right)
}

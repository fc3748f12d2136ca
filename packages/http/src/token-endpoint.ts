import type { Tokens } from '@tessera/core'
import { errorResponse } from './answer-errors.ts'
import type { Dialect } from './dialect.ts'
import { getHandler } from './get-handler.ts'
import { issueHandler } from './issue-handler.ts'
import { listHandler } from './list-handler.ts'
import type { Handler, HttpRequest } from './message.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import type { HandlerOptions } from './operation.ts'
import { revokeHandler } from './revoke-handler.ts'
import { tokenIdIn } from './token-path.ts'

export type OperationName = 'list' | 'issue' | 'get' | 'revoke'

interface Route {
  readonly on: 'collection' | 'item'
  readonly method: string
  readonly handler: (tokens: Tokens, options: HandlerOptions) => Handler
}

const ROUTES: Readonly<Record<OperationName, Route>> = {
  list: { on: 'collection', method: 'GET', handler: listHandler },
  issue: { on: 'collection', method: 'POST', handler: issueHandler },
  get: { on: 'item', method: 'GET', handler: getHandler },
  revoke: { on: 'item', method: 'DELETE', handler: revokeHandler },
}

/**
 * Finds the handler of a request below a mount point; `null` for a request that is not this endpoint's, which the app
 * may then answer.
 *
 * Endpoints of the same tokens and dialect may be mounted one behind the other: each leaves to the others what they
 * serve, and 405 names the methods of all.
 */
export function tokenEndpoint(
  tokens: Tokens,
  options: HandlerOptions,
  names: readonly OperationName[],
): (request: Pick<HttpRequest, 'method' | 'path'>) => Handler | null {
  const { dialect } = options
  const served = servedBy(tokens, dialect)
  for (const name of names) served.add(name)
  const own = new Map(names.map((name) => [ROUTES[name], ROUTES[name].handler(tokens, options)]))

  return ({ method, path }) => {
    const id = tokenIdIn(path)
    if (id === undefined) return null
    const here = [...served]
      .map((name) => ROUTES[name])
      .filter(({ on }) => on === (id === null ? 'collection' : 'item'))
    const wanted = here.find((each) => each.method === (method === 'HEAD' ? 'GET' : method))
    if (wanted !== undefined) return own.get(wanted) ?? null
    if (!here.some((each) => own.has(each))) return null
    const allowed = here.flatMap((each) => (each.method === 'GET' ? ['GET', 'HEAD'] : [each.method]))
    return async () => errorResponse(methodNotAllowed(allowed), dialect.writeError)
  }
}

const endpoints = new WeakMap<Tokens, Map<Dialect, Set<OperationName>>>()

/** What all endpoints of these tokens in this dialect serve together. */
function servedBy(tokens: Tokens, dialect: Dialect): Set<OperationName> {
  const dialects = endpoints.get(tokens) ?? new Map<Dialect, Set<OperationName>>()
  const served = dialects.get(dialect) ?? new Set<OperationName>()
  endpoints.set(tokens, dialects.set(dialect, served))
  return served
}

import type { Tokens } from '@tessera/core'
import { errorResponse } from '../dialects/answer-errors.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Handler, HttpRequest } from '../message/message.ts'
import { methodNotAllowed } from '../message/method-not-allowed.ts'
import { editHandler } from './edit-handler.ts'
import { getHandler } from './get-handler.ts'
import { issueHandler } from './issue-handler.ts'
import { listHandler } from './list-handler.ts'
import type { HandlerOptions } from './operation.ts'
import { readTokenPath } from './request/token-path.ts'
import type { TokenPath } from './request/token-path.ts'
import { revokeHandler } from './revoke-handler.ts'
import { rotateHandler } from './rotate-handler.ts'
import { resumeHandler, suspendHandler } from './suspend-handler.ts'

export type OperationName = 'list' | 'issue' | 'get' | 'revoke' | 'edit' | 'rotate' | 'suspend' | 'resume'

interface Route {
  readonly on: TokenPath['place']
  readonly method: string
  readonly handler: (tokens: Tokens, options: HandlerOptions) => Handler
}

const ROUTES: Readonly<Record<OperationName, Route>> = {
  list: { on: 'collection', method: 'GET', handler: listHandler },
  issue: { on: 'collection', method: 'POST', handler: issueHandler },
  get: { on: 'item', method: 'GET', handler: getHandler },
  revoke: { on: 'item', method: 'DELETE', handler: revokeHandler },
  edit: { on: 'item', method: 'PATCH', handler: editHandler },
  rotate: { on: 'rotate', method: 'POST', handler: rotateHandler },
  suspend: { on: 'suspend', method: 'POST', handler: suspendHandler },
  resume: { on: 'resume', method: 'POST', handler: resumeHandler },
}

/**
 * Finds the handler of a request below a mount point; `null` for a request of another endpoint, which the app may
 * answer.
 *
 * Several endpoints of the same tokens and dialect may be mounted one behind the other. Each passes on the requests of
 * the others, and 405 names the methods of all.
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
    const place = readTokenPath(path)?.place
    const here = [...served].map((name) => ROUTES[name]).filter(({ on }) => on === place)
    const wanted = here.find((each) => each.method === (method === 'HEAD' ? 'GET' : method))
    if (wanted !== undefined) return own.get(wanted) ?? null
    if (!here.some((each) => own.has(each))) return null
    const allowed = here.flatMap((each) => (each.method === 'GET' ? ['GET', 'HEAD'] : [each.method]))
    return async () => errorResponse(methodNotAllowed(allowed), dialect.writeError)
  }
}

const endpoints = new WeakMap<Tokens, Map<Dialect, Set<OperationName>>>()

/** All operations served by the endpoints of these tokens in this dialect. */
function servedBy(tokens: Tokens, dialect: Dialect): Set<OperationName> {
  const dialects = endpoints.get(tokens) ?? new Map<Dialect, Set<OperationName>>()
  const served = dialects.get(dialect) ?? new Set<OperationName>()
  endpoints.set(tokens, dialects.set(dialect, served))
  return served
}

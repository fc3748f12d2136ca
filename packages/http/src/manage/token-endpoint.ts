import { checkOptions } from '@tessera/core'
import type { Tokens } from '@tessera/core'
import { errorResponse } from '../dialects/answer-errors.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { standard } from '../dialects/standard/standard.ts'
import type { Handler, HttpRequest } from '../message/message.ts'
import { methodNotAllowed } from '../message/method-not-allowed.ts'
import { editHandler } from './edit-handler.ts'
import { getHandler } from './get-handler.ts'
import { issueHandler } from './issue-handler.ts'
import { listHandler } from './list-handler.ts'
import { handlerRules } from './operation.ts'
import type { HandlerOptions } from './operation.ts'
import { readTokenPath } from './request/token-path.ts'
import type { TokenPath } from './request/token-path.ts'
import { revokeAllHandler } from './revoke-all-handler.ts'
import { revokeHandler } from './revoke-handler.ts'
import { rotateHandler } from './rotate-handler.ts'
import { resumeHandler, suspendHandler } from './suspend-handler.ts'
import { usageHandler } from './usage-handler.ts'

export type OperationName =
  | 'list'
  | 'issue'
  | 'get'
  | 'revoke'
  | 'edit'
  | 'rotate'
  | 'suspend'
  | 'resume'
  | 'usage'
  | 'revokeAll'

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
  usage: { on: 'usage', method: 'GET', handler: usageHandler },
  revokeAll: { on: 'revoke-all', method: 'POST', handler: revokeAllHandler },
}

/** All operations, for an endpoint of all. */
export const operationNames: readonly OperationName[] = Object.keys(ROUTES) as OperationName[]

/**
 * Finds the handler of a request below a mount point; `null` for a request of another endpoint, which the app may answer.
 *
 * `usage` and `revokeAll` are served in dialects with words for them, and are not there in others.
 *
 * Several endpoints may share a mount point. Each passes on the requests of the others, and 405 names the methods of all.
 */
export function tokenEndpoint(
  tokens: Tokens,
  options: HandlerOptions,
  names: readonly OperationName[],
): FindTokenHandler {
  checkEndpoint(options, names)
  const { dialect = standard } = options
  const spoken = names.filter((name) => hasWords(dialect, name))
  if (spoken.length === 0) throw new TypeError(`tokenEndpoint: the dialect has no words for ${names.join(', ')}`)
  const own = new Map(spoken.map((name) => [ROUTES[name], ROUTES[name].handler(tokens, options)]))

  return ({ method, path }, servedHere = () => names) => {
    const place = readTokenPath(path, dialect)?.place
    const isWanted = (route: Route) => route.on === place && route.method === (method === 'HEAD' ? 'GET' : method)
    const handler = [...own].find(([route]) => isWanted(route))?.[1]
    if (handler !== undefined) return handler
    if (![...own.keys()].some(({ on }) => on === place)) return null
    const here = servedHere().map((name) => ROUTES[name])
    if (here.some(isWanted)) return null
    const allowed = here.flatMap((route) => (route.on === place ? (METHODS.get(route.method) ?? [route.method]) : []))
    return async () => errorResponse(methodNotAllowed(allowed), dialect)
  }
}

/** @param servedHere The operations of all endpoints at the same mount point, in their order. Default those of this one. */
export type FindTokenHandler = (
  request: Pick<HttpRequest, 'method' | 'path'>,
  servedHere?: () => readonly OperationName[],
) => Handler | null

/** @throws TypeError for a wrong option, and for no or an unknown operation */
function checkEndpoint(options: HandlerOptions, names: readonly OperationName[]): void {
  checkOptions('tokenEndpoint', options, handlerRules)
  const operations = Object.keys(ROUTES).join(', ')
  if (!Array.isArray(names) || names.length === 0)
    throw new TypeError(`tokenEndpoint: names must be a list of operations: ${operations}`)
  const unknown = names.find((name) => !Object.hasOwn(ROUTES, name))
  if (unknown !== undefined)
    throw new TypeError(`tokenEndpoint: unknown operation "${String(unknown)}"; the operations are ${operations}`)
}

function hasWords({ writeUsage, writeRevokedAll }: Dialect, name: OperationName): boolean {
  if (name === 'usage') return writeUsage !== undefined
  return name !== 'revokeAll' || writeRevokedAll !== undefined
}

/** Whatever answers `GET` answers `HEAD` too. */
const METHODS: ReadonlyMap<string, readonly string[]> = new Map([['GET', ['GET', 'HEAD']]])

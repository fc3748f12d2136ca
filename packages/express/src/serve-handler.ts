import { checkOptions, isFunction } from '@tessera/core'
import type { Handler, MaybeCaller } from '@tessera/http'
import type { Request, RequestHandler } from 'express'
import { mountOf } from './mount-of.ts'
import { factsOf, forwardingErrors, send, toHttpRequest } from './translate.ts'

export interface ServeOptions {
  /** The person who signed in, for a handler for people; `null` for nobody. It may throw a `Problem`. Default nobody. */
  readonly caller?: (req: Request) => MaybeCaller | Promise<MaybeCaller>
}

/**
 * Serves a handler of `@tessera/http`, or of a package like it, at its exact mount path or route. A path below it goes on to
 * the app, unless the handler serves those too.
 *
 * @throws TypeError for anything but a handler, and for an unknown or wrong option
 * @example app.use('/token', serveHandler(exchangeHandler(accessTokens)))
 */
export function serveHandler(handle: Handler, options: ServeOptions = {}): RequestHandler {
  if (!isFunction(handle)) throw new TypeError('serveHandler: give a handler, a function of the request')
  checkOptions('serveHandler', options, { caller: { right: 'a function of the request', test: isFunction } })
  const { caller } = options
  const serve = forwardingErrors(async (req, res, next) => {
    const at = mountOf(req, serve)
    if (at.path !== '/' && handle.servesBelow !== true) return next()
    send(res, await handle(toHttpRequest(req, at, { ...factsOf(req), ...(caller && { caller: () => caller(req) }) })))
  })
  return serve
}

import { checkOptions, isFunction } from '@tessera/core'
import { servesPath } from '@tessera/http'
import type { Handler, MaybeCaller } from '@tessera/http'
import type { Request, RequestHandler } from 'express'
import { isInRoute, mountOf } from './mount-of.ts'
import { factsOf, forwardingErrors, send, toHttpRequest } from './translate.ts'

export interface ServeOptions {
  /** The person who signed in, for a handler for people; `null` for nobody. It may throw a `Problem`. Default nobody. */
  readonly caller?: (req: Request) => MaybeCaller | Promise<MaybeCaller>
}

/**
 * Serves a handler of `@tessera/http`, or of a package like it, at its exact mount path or route. A path below it goes on to
 * the app, unless the handler serves those too.
 *
 * A handler that serves the paths below it belongs into `app.use`: within a route, as in `app.all`, every path would look like
 * its first. The app's error handler gets a `TypeError` then.
 *
 * @throws TypeError for anything but a handler, and for an unknown or wrong option
 * @example app.use('/token', serveHandler(exchangeHandler(accessTokens)))
 */
export function serveHandler(handle: Handler, options: ServeOptions = {}): RequestHandler {
  if (!isFunction(handle)) throw new TypeError('serveHandler: give a handler, a function of the request')
  checkOptions('serveHandler', options, { caller: { right: 'a function of the request', test: isFunction } })
  const { caller } = options
  const serve = forwardingErrors(async (req, res, next) => {
    if (handle.servesBelow === true && isInRoute(req, serve))
      throw new TypeError('serveHandler: mount it with app.use, since the handler serves the paths below it')
    const at = mountOf(req, serve)
    if (!servesPath(handle, at.path)) return next()
    send(res, await handle(toHttpRequest(req, at, { ...factsOf(req), ...(caller && { caller: () => caller(req) }) })))
  })
  return serve
}

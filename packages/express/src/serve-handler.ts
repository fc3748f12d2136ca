import { isFunction } from '@tessera/core'
import type { Handler } from '@tessera/http'
import type { RequestHandler } from 'express'
import { mountOf } from './mount-of.ts'
import { forwardingErrors, send, toHttpRequest } from './translate.ts'

/**
 * Serves a handler of `@tessera/http`, or of a package like it, at its exact mount path or route. A path below it goes on to
 * the app.
 *
 * @example app.use('/token', serveHandler(exchangeHandler(accessTokens)))
 */
export function serveHandler(handle: Handler): RequestHandler {
  if (!isFunction(handle)) throw new TypeError('serveHandler: give a handler, a function of the request')
  const serve = forwardingErrors(async (req, res, next) => {
    const at = mountOf(req, serve)
    if (at.path !== '/') return next()
    send(res, await handle(toHttpRequest(req, at)))
  })
  return serve
}

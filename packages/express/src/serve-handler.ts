import { isFunction } from '@tessera/core'
import type { Handler } from '@tessera/http'
import type { RequestHandler } from 'express'
import { forwardingErrors, send, toHttpRequest } from './translate.ts'

/**
 * Serves a handler of `@tessera/http`, or of a package like it, at its exact mount path. A path below it goes on to the
 * app.
 *
 * @example app.use('/token', serveHandler(exchangeHandler(accessTokens)))
 */
export function serveHandler(handle: Handler): RequestHandler {
  if (!isFunction(handle)) throw new TypeError('serveHandler: give a handler, a function of the request')
  return forwardingErrors(async (req, res, next) => {
    if (req.path !== '/') return next()
    send(res, await handle(toHttpRequest(req, null)))
  })
}

import { checkOptions, hasMethods } from '@tessera/core'
import type { Tokens } from '@tessera/core'
import {
  checkRevocation,
  checkTokens,
  introspectionHandler,
  introspectionRules,
  revocationHandler,
} from '@tessera/http'
import type { IntrospectionOptions, MetadataEndpoint, OAuthClient, RevocationOptions } from '@tessera/http'
import type { RequestHandler } from 'express'
import { serveHandler } from './serve-handler.ts'
import { forwardingErrors, send, toHttpRequest } from './translate.ts'

/**
 * The RFC 7009 endpoint: `POST /` with the secret as form field `token`. Needs no `authenticate` before it. Signed access
 * tokens are told apart with the option `accessTokens`.
 */
export function revocationRouter<Client extends OAuthClient = OAuthClient>(
  tokens: Tokens,
  options: RevocationOptions<Client> = {},
): RequestHandler {
  checkTokens('revocationRouter', tokens)
  checkRevocation('revocationRouter', options)
  return serveHandler(revocationHandler(tokens, options))
}

/** The RFC 7662 endpoint: `POST /` with a secret as form field `token`, by one of the app's OAuth clients. */
export function introspectionRouter<Client extends OAuthClient>(
  tokens: Tokens,
  options: IntrospectionOptions<Client>,
): RequestHandler {
  checkTokens('introspectionRouter', tokens)
  checkOptions('introspectionRouter', options, introspectionRules)
  return serveHandler(introspectionHandler(tokens, options))
}

/** Documents about issuers and resources, each at its own path from the root of the host: mount it without one. */
export function metadataRouter(...endpoints: readonly MetadataEndpoint[]): RequestHandler {
  if (endpoints.length === 0 || !endpoints.every((endpoint) => hasMethods(endpoint, ['handle']))) {
    throw new TypeError(
      'metadataRouter: give what authorizationServerMetadata() or protectedResourceMetadata() returns, at least once',
    )
  }
  const handlers = new Map(endpoints.map(({ path, handle }) => [withoutSlash(path), handle]))
  return forwardingErrors(async (req, res, next) => {
    const handle = handlers.get(withoutSlash(req.baseUrl + req.path))
    if (handle === undefined) return next()
    send(res, await handle(toHttpRequest(req, { mount: req.baseUrl, path: req.path })))
  })
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '')
}

import { checkOptions } from '@tessera/core'
import { urlRule } from '../message/url-rule.ts'
import { metadataEndpoint, wellKnownUrl } from './metadata-endpoint.ts'
import type { MetadataEndpoint } from './metadata-endpoint.ts'
import { maxAgeRule, namesRule, pageRule, scopesRule } from './metadata-rules.ts'

export interface OAuthEndpoint {
  readonly url: string
  /**
   * The ways for a client to authenticate there: `client_secret_basic`, `client_secret_post`, `Bearer`; `none` for no
   * client.
   */
  readonly authMethods: readonly string[]
}

export interface AuthorizationServerOptions {
  /** The server's name for clients, e.g. `https://api.example.com`. */
  readonly issuer: string
  /** The URL of `revocationHandler`. */
  readonly revocation?: OAuthEndpoint
  /** The URL of `introspectionHandler`. */
  readonly introspection?: OAuthEndpoint
  /** The URL of the token endpoint, with its `grantTypes`. */
  readonly token?: OAuthEndpoint & { readonly grantTypes: readonly string[] }
  /** The URL of the public keys for signed tokens. */
  readonly jwksUri?: string
  readonly scopes?: readonly string[]
  /** A page for authors of clients. */
  readonly documentation?: string
  /** How long caches keep the document. Default 3600. */
  readonly maxAgeSeconds?: number
}

/**
 * The document that leads clients to the OAuth endpoints, at `/.well-known/oauth-authorization-server` and the issuer's
 * path. It knows nothing of the app: name the mounted endpoints yourself.
 *
 * @throws TypeError for a missing, unknown or wrong option, with its name
 * @see https://www.rfc-editor.org/rfc/rfc8414#section-2
 */
export function authorizationServerMetadata(options: AuthorizationServerOptions): MetadataEndpoint {
  check(options)
  const { issuer, revocation, introspection, token, jwksUri, scopes, documentation, maxAgeSeconds } = options
  const url = wellKnownUrl('oauth-authorization-server', issuer).replace(/\/$/, '')
  const document = {
    issuer,
    token_endpoint: token?.url,
    token_endpoint_auth_methods_supported: token?.authMethods,
    revocation_endpoint: revocation?.url,
    revocation_endpoint_auth_methods_supported: revocation?.authMethods,
    introspection_endpoint: introspection?.url,
    introspection_endpoint_auth_methods_supported: introspection?.authMethods,
    jwks_uri: jwksUri,
    scopes_supported: scopes,
    // Without an authorization endpoint there are no response types, and a list without elements is left out (RFC 8414 §2).
    grant_types_supported: token?.grantTypes,
    service_documentation: documentation,
  }
  return metadataEndpoint(url, document, maxAgeSeconds)
}

function check(options: AuthorizationServerOptions): void {
  const factory = 'authorizationServerMetadata'
  const endpoint = { right: 'an object', test: (value: unknown) => typeof value === 'object' && value !== null }
  checkOptions(factory, options, {
    issuer: { ...urlRule, required: true },
    revocation: endpoint,
    introspection: endpoint,
    token: endpoint,
    jwksUri: urlRule,
    scopes: scopesRule,
    documentation: pageRule,
    maxAgeSeconds: maxAgeRule,
  })
  const { revocation, introspection, token } = options
  const names = { ...namesRule, required: true }
  const rules = { url: { ...urlRule, required: true }, authMethods: names }
  if (revocation !== undefined) checkOptions(`${factory}: revocation`, revocation, rules)
  if (introspection !== undefined) checkOptions(`${factory}: introspection`, introspection, rules)
  if (token !== undefined) checkOptions(`${factory}: token`, token, { ...rules, grantTypes: names })
  if (introspection?.authMethods.includes('none') === true) {
    throw new TypeError(
      `${factory}: introspection: option "authMethods" must not hold "none": clients authenticate there`,
    )
  }
}

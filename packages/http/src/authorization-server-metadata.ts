import { checkOptions } from '@tessera/core'
import { metadataEndpoint, wellKnownUrl } from './metadata-endpoint.ts'
import type { MetadataEndpoint } from './metadata-endpoint.ts'
import { maxAgeRule, namesRule, pageRule, scopesRule, urlRule } from './metadata-rules.ts'

export interface OAuthEndpoint {
  readonly url: string
  /** How a client may authenticate there: `client_secret_basic`, `client_secret_post`, `Bearer`; `none` where nobody has to. */
  readonly authMethods: readonly string[]
}

export interface AuthorizationServerOptions {
  /** What clients know the server by, e.g. `https://api.example.com`. */
  readonly issuer: string
  /** Where `revocationHandler` is mounted. */
  readonly revocation?: OAuthEndpoint
  /** Where `introspectionHandler` is mounted. */
  readonly introspection?: OAuthEndpoint
  /** Where tokens are given for what `grantTypes` name. */
  readonly token?: OAuthEndpoint & { readonly grantTypes: readonly string[] }
  /** Where the public keys are that signed tokens are verified with. */
  readonly jwksUri?: string
  readonly scopes?: readonly string[]
  /** A page for people who write clients. */
  readonly documentation?: string
  /** How long caches keep the document. Default 3600. */
  readonly maxAgeSeconds?: number
}

/**
 * The document by which clients find the OAuth endpoints, at `/.well-known/oauth-authorization-server` and the path of
 * the issuer. It says what it is told, so tell it of what is mounted.
 *
 * @throws TypeError that names the option that is missing, unknown or wrong
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
    // Empty rather than left out: the first is required, and the second would stand for authorization_code and implicit.
    response_types_supported: [],
    grant_types_supported: token?.grantTypes ?? [],
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

import { checkOptions, isString } from '@tessera/core'
import { urlRule } from '../message/url-rule.ts'
import { metadataEndpoint, wellKnownUrl } from './metadata-endpoint.ts'
import type { MetadataEndpoint } from './metadata-endpoint.ts'
import { listOf, maxAgeRule, pageRule, scopesRule } from './metadata-rules.ts'

export interface ProtectedResourceOptions {
  /** The API's name for clients, e.g. `https://api.example.com/v1`. */
  readonly resource: string
  /** The issuers of accepted tokens. */
  readonly authorizationServers?: readonly string[]
  readonly scopes?: readonly string[]
  /** The places of a token in a request, like `carriers` of `authenticate`. Default `['header']`. */
  readonly bearerMethods?: readonly ('header' | 'body' | 'query')[]
  /** For people. */
  readonly name?: string
  /** A page for authors of clients. */
  readonly documentation?: string
  /** How long caches keep the document. Default 3600. */
  readonly maxAgeSeconds?: number
}

const BEARER_METHODS: readonly unknown[] = ['header', 'body', 'query']

/**
 * The document about the tokens an API accepts, at `/.well-known/oauth-protected-resource` and the API's path. Give its
 * `url` to `authenticate` as `resourceMetadata`, and challenges lead to it.
 *
 * @throws TypeError for a missing, unknown or wrong option, with its name
 * @see https://www.rfc-editor.org/rfc/rfc9728#section-2
 */
export function protectedResourceMetadata(options: ProtectedResourceOptions): MetadataEndpoint {
  checkOptions('protectedResourceMetadata', options, {
    resource: { ...urlRule, required: true },
    authorizationServers: listOf(urlRule),
    scopes: scopesRule,
    bearerMethods: listOf({ right: 'header, body or query', test: (value) => BEARER_METHODS.includes(value) }),
    name: { right: 'a text', test: isString },
    documentation: pageRule,
    maxAgeSeconds: maxAgeRule,
  })
  const { resource, maxAgeSeconds } = options
  const document = {
    resource,
    authorization_servers: options.authorizationServers,
    scopes_supported: options.scopes,
    bearer_methods_supported: options.bearerMethods ?? ['header'],
    resource_name: options.name,
    resource_documentation: options.documentation,
  }
  return metadataEndpoint(wellKnownUrl('oauth-protected-resource', resource), document, maxAgeSeconds)
}

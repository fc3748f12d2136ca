import type { MetadataEndpoint, Schema } from '@tessera/http'
import type { DocumentOperation, DocumentResponse, PathItem, Reference, SecurityScheme } from '../document/document.ts'
import { header } from '../document/headers.ts'
import type { IntrospectionEndpoint, OAuthEndpoints, RevocationEndpoint } from './oauth-options.ts'
import { introspectionForm, revocationForm } from './oauth-schemas.ts'
import * as schemas from './oauth-schemas.ts'

export const OAUTH_TAG = { name: 'OAuth', description: 'Endpoints of the OAuth RFCs.' }

/** The ways of a client to authenticate, beside the fields of the form. */
export const clientSchemes: Readonly<Record<string, SecurityScheme>> = {
  client: { type: 'http', scheme: 'basic', description: 'The id and the secret of an OAuth client (RFC 6749 §2.3.1).' },
  clientToken: { type: 'http', scheme: 'bearer', description: 'A token of an OAuth client.' },
}

/** The paths of the endpoints. */
export function oauthPaths({
  revocation,
  introspection,
  metadata = [],
}: OAuthEndpoints): Readonly<Record<string, PathItem>> {
  return {
    ...(revocation && { [revocation.path]: { post: revoke(revocation) } }),
    ...(introspection && { [introspection.path]: { post: introspect(introspection) } }),
    ...Object.fromEntries(metadata.map((endpoint) => [endpoint.path, { get: describeMetadata(endpoint) }])),
  }
}

function revoke(endpoint: RevocationEndpoint): DocumentOperation {
  const hasClients = endpoint.client !== undefined
  const refused = [
    'invalid_request',
    ...(endpoint.mayRevoke === undefined ? [] : ['unauthorized_client']),
    ...(endpoint.accessTokens === undefined || endpoint.revokesParent === true ? [] : ['unsupported_token_type']),
  ]
  return {
    operationId: 'revokeSecret',
    tags: [OAUTH_TAG.name],
    summary: 'Revoke a secret',
    description: 'Whoever has the secret may revoke it. An unknown one is answered alike (RFC 7009).',
    security: hasClients ? byClients : [],
    requestBody: form(revocationForm(hasClients)),
    responses: {
      200: { description: 'The token was revoked, now or earlier, or never existed.' },
      400: error('The request is refused.', refused, { isDescribed: false }),
      ...clientRefusals(hasClients),
    },
  }
}

function introspect(endpoint: IntrospectionEndpoint): DocumentOperation {
  return {
    operationId: 'introspectSecret',
    tags: [OAUTH_TAG.name],
    summary: 'Introspect a secret',
    description: 'Tells a client whether a presented token may be used now, and its facts (RFC 7662).',
    security: byClients,
    requestBody: form(introspectionForm),
    responses: {
      200: json(
        'The facts about an active token; of any other only that it is not active.',
        schemas.introspectionAnswer(endpoint),
      ),
      400: error('The request is wrong.', ['invalid_request']),
      ...clientRefusals(true),
    },
  }
}

function describeMetadata({ path }: MetadataEndpoint): DocumentOperation {
  const isOfServer = path.startsWith('/.well-known/oauth-authorization-server')
  const subject = isOfServer ? 'authorization server' : 'protected resource'
  const answer = json(`The metadata of the ${subject}.`, isOfServer ? schemas.serverMetadata : schemas.resourceMetadata)
  return {
    operationId: isOfServer ? 'getAuthorizationServerMetadata' : 'getProtectedResourceMetadata',
    tags: [OAUTH_TAG.name],
    summary: `Show the metadata of the ${subject}`,
    description: isOfServer
      ? 'Leads clients to the OAuth endpoints (RFC 8414).'
      : 'Says which tokens are accepted (RFC 9728).',
    security: [],
    responses: { 200: { ...answer, headers: { 'Cache-Control': header('CacheControl') } } },
  }
}

const byClients = [...Object.keys(clientSchemes).map((name) => ({ [name]: [] })), {}]

function clientRefusals(hasClients: boolean): Readonly<Record<string, DocumentResponse>> {
  return {
    ...(hasClients && {
      401: error('No client is authenticated.', ['invalid_client', 'invalid_token'], {
        headers: { 'WWW-Authenticate': header('Challenge') },
      }),
    }),
    413: error('The body is too large.', ['invalid_request']),
    415: error('The body is of another kind.', ['invalid_request'], {
      headers: { Accept: header('Accept'), 'Accept-Encoding': header('AcceptEncoding') },
    }),
    503: error('The service cannot answer now.', ['temporarily_unavailable'], {
      headers: { 'Retry-After': header('RetryAfter') },
    }),
  }
}

function error(
  description: string,
  words: readonly string[],
  { isDescribed = true, headers }: { isDescribed?: boolean; headers?: Readonly<Record<string, Reference>> } = {},
): DocumentResponse {
  return { ...json(description, schemas.oauthError(words, isDescribed)), ...(headers && { headers }) }
}

function json(description: string, schema: Schema): DocumentResponse {
  return { description, content: { 'application/json': { schema } } }
}

function form(schema: Schema): NonNullable<DocumentOperation['requestBody']> {
  return { required: true, content: { 'application/x-www-form-urlencoded': { schema } } }
}

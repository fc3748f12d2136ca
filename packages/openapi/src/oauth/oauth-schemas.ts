import type { Schema } from '@tessera/http'
import type { IntrospectionEndpoint } from './oauth-options.ts'

const text = (description: string): Schema => ({ type: 'string', description })
const texts = (description: string): Schema => ({ type: 'array', items: { type: 'string' }, description })
const seconds = (description: string): Schema => ({ type: 'integer', description })

function closed(properties: Readonly<Record<string, Schema>>, required: readonly string[]): Schema {
  return { type: 'object', required, additionalProperties: false, properties }
}

/** The fields of a client that authenticates in the form (RFC 6749 §2.3.1). */
const CLIENT = { client_id: text('The id of the client.'), client_secret: text('Its secret.') }

export function revocationForm(hasClients: boolean): Schema {
  const token = text('The secret to revoke.')
  const token_type_hint = text('Has no effect: the form of a token shows its type.')
  return closed({ token, token_type_hint, ...(hasClients && CLIENT) }, ['token'])
}

export const introspectionForm: Schema = closed(
  {
    token: text('The presented secret.'),
    token_type_hint: text('Has no effect: the form of a token shows its type.'),
    client_address: text('The address of whoever presented it, for tokens with networks.'),
    ...CLIENT,
  },
  ['token'],
)

/** @see https://www.rfc-editor.org/rfc/rfc7662#section-2.2 */
export function introspectionAnswer({ issuer, audience }: Partial<IntrospectionEndpoint>): Schema {
  const facts = {
    active: { type: 'boolean', const: true, description: 'The token may be used now.' },
    scope: text('The scopes, with spaces between them.'),
    username: text('Who had the token issued.'),
    token_type: { const: 'Bearer', description: 'How the token is presented.' },
    exp: seconds('The end of the token, in seconds since 1970.'),
    iat: seconds('When it was issued, in seconds since 1970.'),
    sub: text('The owner.'),
    ...(audience !== undefined && {
      aud: { type: ['string', 'array'], items: { type: 'string' }, description: 'The APIs of the token.' },
    }),
    ...(issuer !== undefined && { iss: text('The issuer.') }),
    jti: text('The id of the token.'),
    tessera_networks: texts('The networks that the token may be used from.'),
  }
  const always = ['active', 'token_type', 'iat', 'sub', 'jti', 'aud', 'iss'].filter((name) =>
    Object.hasOwn(facts, name),
  )
  const inactive = {
    active: { type: 'boolean', const: false, description: 'The token may not be used, or not be known.' },
  }
  return { oneOf: [closed(facts, always), closed(inactive, ['active'])] }
}

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
export function oauthError(words: readonly string[], isDescribed: boolean): Schema {
  const error = { type: 'string', enum: words, description: 'The reason, for programs.' }
  if (!isDescribed) return closed({ error }, ['error'])
  return closed({ error, error_description: text('The reason, for people.') }, ['error', 'error_description'])
}

/** @see https://www.rfc-editor.org/rfc/rfc8414#section-2 */
export const serverMetadata: Schema = closed(
  {
    issuer: text('The name of the server.'),
    token_endpoint: text('Where tokens are exchanged.'),
    token_endpoint_auth_methods_supported: texts('How clients authenticate there.'),
    revocation_endpoint: text('Where tokens are revoked.'),
    revocation_endpoint_auth_methods_supported: texts('How clients authenticate there.'),
    introspection_endpoint: text('Where tokens are introspected.'),
    introspection_endpoint_auth_methods_supported: texts('How clients authenticate there.'),
    jwks_uri: text('The public keys of signed tokens.'),
    scopes_supported: texts('The scopes that there are.'),
    grant_types_supported: texts('The grants of the token endpoint.'),
    service_documentation: text('A page for authors of clients.'),
  },
  ['issuer'],
)

/** @see https://www.rfc-editor.org/rfc/rfc9728#section-2 */
export const resourceMetadata: Schema = closed(
  {
    resource: text('The name of the API.'),
    authorization_servers: texts('The issuers of accepted tokens.'),
    scopes_supported: texts('The scopes that there are.'),
    bearer_methods_supported: texts('The places of a token in a request.'),
    resource_name: text('The name of the API, for people.'),
    resource_documentation: text('A page for authors of clients.'),
  },
  ['resource', 'bearer_methods_supported'],
)

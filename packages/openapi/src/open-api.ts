import type { Tokens } from '@tessera/core'
import { operationNames, standard } from '@tessera/http'
import type { AccessScopes, Schema } from '@tessera/http'
import type { DocumentComponents, OpenApiDocument, SecurityScheme } from './document/document.ts'
import { headerComponents } from './document/headers.ts'
import { withoutUnused } from './document/used-components.ts'
import { OAUTH_TAG, clientSchemes, oauthPaths } from './oauth/oauth-paths.ts'
import { checkOpenApiOptions, descriptionOf } from './options.ts'
import type { OpenApiOptions } from './options.ts'
import type { Api } from './tokens/api.ts'
import { bodySchemas } from './tokens/bodies.ts'
import { mountPath } from './tokens/mount-path.ts'
import { parameterComponents } from './tokens/parameters.ts'
import { TOKENS_TAG, tokenPaths } from './tokens/token-paths.ts'

/**
 * The OpenAPI 3.1 document of a token API: every path, parameter and body of what is mounted, and every answer by status, with
 * its schema and headers. Plain data. Serve it by `openApiHandler`.
 *
 * @throws TypeError for a missing, unknown or wrong option, with its name, and for a dialect without `describe`
 * @see https://spec.openapis.org/oas/v3.1.0
 */
export function openApi(tokens: Pick<Tokens, 'rules'>, options: OpenApiOptions): OpenApiDocument {
  checkOpenApiOptions(tokens, options)
  const { title, version, description, servers, oauth } = options
  const api = apiOf(tokens, options)
  const at = mountPath(options.basePath ?? '/', api.describe)
  const document: OpenApiDocument = {
    openapi: '3.1.0',
    info: { title, version, ...(description !== undefined && { description }) },
    ...(servers && { servers }),
    tags: oauth === undefined ? [TOKENS_TAG] : [TOKENS_TAG, OAUTH_TAG],
    paths: { ...tokenPaths(options.operations ?? operationNames, api, at), ...(oauth && oauthPaths(oauth)) },
    components: componentsOf(api),
  }
  return withoutUnused(document)
}

function apiOf({ rules }: Pick<Tokens, 'rules'>, options: OpenApiOptions): Api {
  const { dialect = standard, scopes } = options
  const scopesFor = (access: keyof AccessScopes) => scopes?.[access] ?? dialect.scopes?.[access] ?? []
  return {
    dialect,
    describe: descriptionOf(dialect),
    errorType: dialect.errorType ?? 'application/json',
    rules,
    scopes: { read: scopesFor('read'), write: scopesFor('write'), revokeAll: scopesFor('revokeAll') },
    attributes: options.attributes ?? [],
    security: options.security ?? { token: bearerToken(rules.prefix) },
  }
}

function bearerToken(prefix: string): SecurityScheme {
  return { type: 'http', scheme: 'bearer', bearerFormat: `${prefix}_…`, description: 'The secret of a token.' }
}

function componentsOf(api: Api): DocumentComponents {
  const { token, tokenAnswer, page, error, usage, revokedAll } = api.describe
  return {
    schemas: {
      Token: token,
      TokenAnswer: tokenAnswer,
      IssuedToken: withSecret(tokenAnswer, api.rules.prefix),
      TokenPage: page,
      Error: error,
      ...(usage && { Usage: usage }),
      ...(revokedAll && { RevokedTokens: revokedAll }),
      ...bodySchemas(api),
    },
    parameters: parameterComponents,
    headers: headerComponents,
    securitySchemes: { ...api.security, ...clientSchemes },
  }
}

function withSecret(answer: Schema, prefix: string): Schema {
  const secret = {
    type: 'string',
    description: `The secret, \`${prefix}_…\`, shown in this answer only. Left out of a repeated answer that cannot show it.`,
  }
  return { ...answer, properties: { ...Object(answer['properties']), secret } }
}

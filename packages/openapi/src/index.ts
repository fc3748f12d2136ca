export type {
  Content,
  DocumentComponents,
  DocumentInfo,
  DocumentOperation,
  DocumentResponse,
  DocumentServer,
  Header,
  Method,
  OpenApiDocument,
  PathItem,
  Reference,
  SecurityScheme,
} from './document/document.ts'
export type { IntrospectionEndpoint, OAuthEndpoints, RevocationEndpoint } from './oauth/oauth-options.ts'
export { openApi } from './open-api.ts'
export { openApiHandler } from './open-api-handler.ts'
export type { OpenApiOptions } from './options.ts'

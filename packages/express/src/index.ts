export { createTokens } from '@tessera/core'
export type { ScopeOf, Tokens, TokensOptions } from '@tessera/core'
export { findAuth, findCaller, getAuth } from './auth.ts'
export { authenticate } from './authenticate.ts'
export type { AuthenticateOptions } from './authenticate-options.ts'
export { introspectionRouter, metadataRouter, revocationRouter } from './oauth-routers.ts'
export { requireAnyScope, requireScopes } from './require-scopes.ts'
export {
  editRouter,
  issueRouter,
  listRouter,
  revokeRouter,
  rotateRouter,
  suspendRouter,
  tokenRouter,
} from './routers.ts'
export type { RouterOptions } from './routers.ts'
export { serveHandler } from './serve-handler.ts'
export type { ServeOptions } from './serve-handler.ts'
export { watchAuth } from './watch-auth.ts'

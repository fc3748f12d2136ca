import type { Tokens } from '@tessera/core'
import { openApi } from '@tessera/openapi'
import type { OpenApiDocument } from '@tessera/openapi'
import { apis, revocationPath } from './apis.ts'
import type { ApiName } from './apis.ts'

/** The document of an API, as this server mounts it. */
export function documentOf(name: ApiName, tokens: Tokens): OpenApiDocument {
  const { dialect, path } = apis[name]
  return openApi(tokens, {
    title: `The token API "${name}"`,
    version: '1.0.0',
    dialect,
    basePath: path,
    ...(name === 'plain' && { oauth: { revocation: { path: revocationPath } } }),
  })
}

export function documentPath(name: ApiName): string {
  return name === 'standard' ? '/api/openapi.json' : `/openapi/${name}.json`
}

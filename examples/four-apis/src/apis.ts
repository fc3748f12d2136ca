import { createTokens, prefixedIds, timeOrderedIds, uuidIds } from '@tessera/core'
import type { Tokens, TokensOptions } from '@tessera/core'
import { cursor, offset, paged, plain, standard } from '@tessera/http'
import type { Dialect } from '@tessera/http'

export type ApiName = 'plain' | 'paged' | 'offset' | 'cursor' | 'standard'

/** One of the four published APIs, or the fifth in our own dialect: where it is served, in which words, and to whom. */
export interface Api {
  readonly dialect: Dialect
  /** Of the tokens; `:orgID` stands for the owner. */
  readonly path: string
  readonly protectedPath: string
  /** The methods of the protected route, each with the scope that it needs. */
  readonly protects: Readonly<Record<string, string>>
  readonly options: Pick<TokensOptions, 'prefix' | 'ids' | 'scopes' | 'expiry'>
  /** Whether a token may issue others that expire after it. */
  readonly mayOutlive: boolean
  readonly owner: string
  readonly otherOwner: string
  readonly createdBy: string | null
}

const YEAR_MS = 365 * 24 * 60 * 60 * 1000
const MANAGE = ['tokens:read', 'tokens:write']

export const apis: Readonly<Record<ApiName, Api>> = {
  plain: {
    dialect: plain,
    path: '/api/public/v1/tokens',
    protectedPath: '/api/public/v1/jobs',
    protects: { GET: 'jobs:read', POST: 'jobs:write' },
    options: { prefix: 'ot_pat', ids: uuidIds, scopes: ['jobs:read', 'jobs:write', ...MANAGE] },
    mayOutlive: false,
    owner: 'account-roma',
    otherOwner: 'account-ostia',
    createdBy: null,
  },
  paged: {
    dialect: paged,
    path: '/v1/tokens',
    protectedPath: '/v1/projects',
    protects: { GET: 'projects:read' },
    options: { prefix: 'tok_live', ids: prefixedIds('tok'), scopes: ['projects:read', ...MANAGE] },
    mayOutlive: false,
    owner: 'workspace-roma',
    otherOwner: 'workspace-ostia',
    createdBy: 'alice@example.com',
  },
  offset: {
    dialect: offset,
    path: '/api/v1/api_token',
    protectedPath: '/api/v1/person',
    protects: { GET: 'person:read' },
    options: {
      prefix: 'key',
      ids: timeOrderedIds,
      scopes: ['person:read', ...MANAGE],
      expiry: { defaultMs: YEAR_MS, required: true },
    },
    // All of its tokens expire: if none could outlive another, they would all end with the first.
    mayOutlive: true,
    owner: '01kr0ma0000000000000000000000001',
    otherOwner: '01k0st1a000000000000000000000002',
    createdBy: '01kadm1n000000000000000000000003',
  },
  cursor: {
    dialect: cursor,
    path: '/api/v1/organizations/:orgID/api-tokens',
    protectedPath: '/api/v1/organizations/:orgID/nodes',
    protects: { GET: 'nodes:read' },
    options: { prefix: 'aeth', ids: uuidIds, scopes: ['nodes:read', ...MANAGE] },
    mayOutlive: false,
    owner: '2f6a1c08-5d3b-4e7f-9a41-7c0d8e5b1a01',
    otherOwner: '2f6a1c08-5d3b-4e7f-9a41-7c0d8e5b1a02',
    createdBy: null,
  },
  standard: {
    dialect: standard,
    path: '/api/tokens',
    protectedPath: '/api/jobs',
    protects: { GET: 'jobs:read', POST: 'jobs:write' },
    options: { prefix: 'acme_pat', ids: uuidIds, scopes: ['jobs:read', 'jobs:write', ...MANAGE, 'tokens:revoke-all'] },
    mayOutlive: false,
    owner: 'team-roma',
    otherOwner: 'team-ostia',
    createdBy: 'admin',
  },
}

export const apiNames: readonly ApiName[] = ['plain', 'paged', 'offset', 'cursor', 'standard']

/** The RFC 7009 endpoint of the `plain` API. */
export const revocationPath = '/api/agent/identity/revoke'

/** The tokens of every API, all on one store. */
export function createAllTokens(options: Omit<TokensOptions, 'prefix'>): Readonly<Record<ApiName, Tokens>> {
  const create = (name: ApiName): Tokens => createTokens({ ...apis[name].options, ...options })
  const entries = apiNames.map((name) => [name, create(name)])
  return Object.fromEntries(entries) as Record<ApiName, Tokens>
}

/** A path of an API as one owner calls it. */
export function pathFor(path: string, owner: string): string {
  return path.replace(':orgID', owner)
}

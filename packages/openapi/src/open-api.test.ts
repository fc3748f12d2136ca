import { createTokens } from '@tessera/core'
import type { TokensOptions } from '@tessera/core'
import { cursor, offset, paged, plain, standard } from '@tessera/http'
import type { Schema } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { openApi } from './open-api.ts'
import type { OpenApiOptions } from './options.ts'

const FACTS = { title: 'Tokens', version: '1.2.3', basePath: '/api/tokens', dialect: plain } as const

function open(options: Partial<OpenApiOptions> = {}, rules: Partial<TokensOptions> = {}) {
  return openApi(createTokens({ store: memoryStore(), prefix: 'ot_pat', ...rules }), { ...FACTS, ...options })
}

function operationsIn({ paths }: ReturnType<typeof open>) {
  return Object.values(paths).flatMap((item) => Object.values(item))
}

/** Every value of a name, at any depth. */
function valuesOf(name: string, within: unknown): readonly unknown[] {
  if (typeof within !== 'object' || within === null) return []
  return Object.entries(within).flatMap(([key, value]) => [...(key === name ? [value] : []), ...valuesOf(name, value)])
}

describe('openApi', () => {
  it('says what it is about', () => {
    const servers = [{ url: 'https://api.example.com' }]
    const document = open({ description: 'Of Rome.', servers })
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Tokens', version: '1.2.3', description: 'Of Rome.' },
      servers,
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'ot_pat_…' } } },
    })
  })

  it('has every path and method, and only those that are mounted', () => {
    const routes = ({ paths }: ReturnType<typeof open>) =>
      Object.entries(paths).map(([path, item]) => `${path}: ${Object.keys(item).join(' ')}`)
    expect(routes(open())).toEqual([
      '/api/tokens: get post',
      '/api/tokens/{id}: get delete patch',
      '/api/tokens/{id}/rotate: post',
      '/api/tokens/{id}/suspend: post',
      '/api/tokens/{id}/resume: post',
    ])
    expect(routes(open({ operations: ['list', 'rotate'] }))).toEqual([
      '/api/tokens: get',
      '/api/tokens/{id}/rotate: post',
    ])
    expect(routes(open({ basePath: '/', operations: ['list', 'get'] }))).toEqual(['/: get', '/{id}: get'])
  })

  it.each([
    { dialect: standard },
    { dialect: plain },
    { dialect: paged },
    { dialect: offset },
    { dialect: cursor, basePath: '/orgs/:orgID' },
  ])('leaves no loose ends: %#', (options) => {
    for (const operations of [undefined, ['list'], ['issue', 'suspend']] as const) {
      const document = open({ ...options, ...(operations && { operations }) })
      const { components } = document
      const ids = operationsIn(document).map(({ operationId }) => operationId)
      expect(new Set(ids).size).toBe(ids.length)
      const references = new Set(valuesOf('$ref', document))
      const there = Object.entries(components)
        .filter(([kind]) => kind !== 'securitySchemes')
        .flatMap(([kind, all]) => Object.keys(all).map((name) => `#/components/${kind}/${name}`))
      expect([...references].map(String).sort()).toEqual(there.sort())
      for (const properties of valuesOf('properties', components.schemas) as readonly Record<string, Schema>[]) {
        const unexplained = Object.entries(properties).filter(([, { description, $ref, properties: inside }]) =>
          [description, $ref, inside].every((each) => each === undefined),
        )
        expect(unexplained).toEqual([])
      }
    }
  })

  it('has the parameters of the mount, those of the dialect among them', () => {
    const { paths } = open({ dialect: cursor, basePath: '/regions/:region/orgs/:orgID/tokens/' })
    const { parameters = [] } = paths['/regions/{region}/orgs/{orgID}/tokens']?.get ?? {}
    expect(parameters).toMatchObject([
      { name: 'region', in: 'path', required: true },
      { name: 'orgID', in: 'path', required: true, schema: { format: 'uuid' } },
      { name: 'cursor', in: 'query' },
      { name: 'limit', in: 'query' },
    ])
  })

  it('has the scopes of the catalogue for requests, and any for answers: they may be older', () => {
    const scopes = ['jobs:read', 'jobs:write']
    const { Scope, IssueToken, Token } = open({}, { scopes }).components.schemas
    expect(Scope).toMatchObject({ enum: scopes })
    expect(IssueToken).toMatchObject({ properties: { scopes: { items: { $ref: '#/components/schemas/Scope' } } } })
    expect(Token).toMatchObject({ properties: { scopes: { items: { type: 'string' } } } })
    expect(open().components.schemas['Scope']).toHaveProperty('pattern')
  })

  it('has the attributes that a request may give, in a dialect with a field for them', () => {
    const issue = (options: Partial<OpenApiOptions>) => open(options).components.schemas['IssueToken']
    expect(issue({ dialect: standard, attributes: ['team'] })).toMatchObject({
      properties: { attributes: { additionalProperties: false, properties: { team: { type: 'string' } } } },
    })
    expect(issue({ dialect: plain, attributes: ['team'] })).not.toHaveProperty('properties.attributes')
  })

  it('is of the dialect standard by default, with its usage and revocation in bulk', () => {
    const { paths } = openApi(createTokens({ store: memoryStore(), prefix: 'ot_pat' }), { title: 'T', version: '1' })
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/', '/usage', '/revoke-all']))
    expect(paths['/revoke-all']?.post?.security).toEqual([{ token: ['tokens:revoke-all'] }])
    expect(paths['/']?.get?.responses['401']?.content).toHaveProperty('application/problem+json')
    expect(open({ operations: ['list', 'usage'] }).paths).not.toHaveProperty('/api/tokens/usage')
  })

  it.each([
    [{}, ['string', 'null'], false],
    [{ defaultMs: 60_000 }, ['string', 'null'], false],
    [{ required: true }, 'string', true],
    [{ required: true, defaultMs: 60_000 }, 'string', false],
    [{ maxMs: 60_000 }, 'string', true],
    [{ maxMs: 120_000, slidingMs: 120_000 }, 'string', false],
  ])('has the rules of expiry: %j', (expiry, type, isRequired) => {
    const { IssueToken, EditToken } = open({}, { expiry }).components.schemas
    expect(IssueToken).toMatchObject({ properties: { expiresAt: { type } } })
    expect(IssueToken?.['required']).toEqual(['name', 'scopes', ...(isRequired ? ['expiresAt'] : [])])
    expect(EditToken).toMatchObject({ properties: { expiresAt: { type } } })
  })

  it('declares no limit if there is none', () => {
    const limits = (activeLimit: number | null) =>
      valuesOf('enum', open({}, { activeLimit }).paths).flat().includes('TOKEN_LIMIT_REACHED')
    expect([limits(1), limits(null)]).toEqual([true, false])
  })

  it('names the scopes that an operation asks for', () => {
    const asked = (options: Partial<OpenApiOptions>) => {
      const { get, post } = open({ dialect: paged, ...options }).paths['/api/tokens'] ?? {}
      return [get?.security, post?.security]
    }
    expect(asked({})).toEqual([[{ token: ['tokens:read'] }], [{ token: ['tokens:write'] }]])
    expect(asked({ scopes: { read: ['admin'] } })).toEqual([[{ token: ['admin'] }], [{ token: ['tokens:write'] }]])
    expect(open().paths['/api/tokens']?.get?.responses).not.toHaveProperty('403')
    expect(open({ scopes: { read: ['admin'] } }).paths['/api/tokens']?.get?.responses).toHaveProperty('403')
  })

  it('shows a secret only where one is issued', () => {
    const { TokenAnswer, IssuedToken, Token } = open().components.schemas
    expect(valuesOf('secret', [TokenAnswer, Token])).toEqual([])
    expect(IssuedToken).toMatchObject({ required: ['token'], properties: { secret: { type: 'string' } } })
  })

  it('is plain data', () => {
    const document = open({ dialect: offset })
    expect(JSON.parse(JSON.stringify(document))).toEqual(document)
  })

  it('asks a dialect of your own for its description', () => {
    const { describe: description, ...own } = plain
    expect(() => open({ dialect: own })).toThrow(/^openApi: the dialect has no "describe"/)
    const wrong = (describe: object) => () => open({ dialect: { ...own, describe: describe as never } })
    expect(wrong({ ...description, page: undefined })).toThrow('openApi: dialect.describe: option "page" must be')
    expect(wrong({ ...description, pages: {} })).toThrow('unknown option "pages"')
    expect(wrong({ ...description, errorCode: ['error', 'reason'] })).toThrow('"errorCode" must lead to the code')
  })

  it.each<[string, object]>([
    ['"title" must be', { title: undefined }],
    ['"version" must be', { version: 1 }],
    ['unknown option "path"', { path: '/tokens' }],
    ['"basePath" must be', { basePath: 'tokens' }],
    ['"basePath" must not have a parameter :id', { basePath: '/:id' }],
    ['"basePath" must have :orgID', { dialect: cursor }],
    ['"operations" must be', { operations: [] }],
    ['"operations" must be', { operations: ['list', 'list'] }],
    ['"operations" must be', { operations: ['search'] }],
    ['"servers" must be', { servers: ['https://api.example.com'] }],
    ['"security" must be', { security: {} }],
    ['"security" must be', { security: { session: { type: 'cookie' } } }],
    ['"scopes" must be', { scopes: { read: [] } }],
    ['"dialect" must be', { dialect: 'plain' }],
    ['openApi: oauth.revocation: option "path" must be', { oauth: { revocation: {} } }],
    [
      'openApi: oauth.introspection: unknown option "mayRevoke"',
      { oauth: { introspection: { path: '/i', mayRevoke: 1 } } },
    ],
    ['openApi: oauth: option "metadata" must be', { oauth: { metadata: [{ path: '/metadata' }] } }],
  ])('refuses to be built: %s', (message, wrong) => {
    expect(() => open(wrong)).toThrow(TypeError)
    expect(() => open(wrong)).toThrow(message)
  })

  it('refuses anything but tokens', () => {
    expect(() => Reflect.apply(openApi, undefined, [{}, FACTS])).toThrow('openApi: the first argument must be')
  })
})

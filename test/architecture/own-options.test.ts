import { createAccessTokens, createAccessVerifier, exchangeHandler, keySetHandler } from '@tessera/access-jwt'
import { testAdapter } from '@tessera/adapter-conformance'
import { cachedStore } from '@tessera/cached-store'
import { createTokens } from '@tessera/core'
import * as express from '@tessera/express'
import * as fastify from '@tessera/fastify'
import * as fetch from '@tessera/fetch'
import * as http from '@tessera/http'
import * as leaks from '@tessera/leaks'
import { memoryStore } from '@tessera/memory-store'
import { openApi } from '@tessera/openapi'
import { instrumentTessera } from '@tessera/opentelemetry'
import { grantSql, migrate, migrationSql, postgresStore } from '@tessera/postgres-store'
import { redisStore } from '@tessera/redis-store'
import { sqliteStore } from '@tessera/sqlite-store'
import { testTokenStore } from '@tessera/store-conformance'
import { fastify as createApp } from 'fastify'
import { Redis } from 'ioredis'
import Database from 'libsql'
import { Pool } from 'pg'
import { describe, expect, it } from 'vitest'

const tokens = createTokens({ store: memoryStore(), prefix: 'acme_pat' })

/** Calls a factory with options of any kind. */
type Call = (options: never) => unknown

async function registered(plugin: unknown, options: object): Promise<void> {
  await createApp()
    .register(plugin as never, options as never)
    .ready()
}

const handle = async () => ({ status: 200, headers: {}, body: '' })
const keptTokens = (options: object) => Object.assign(options, { tokens })

/** One option of each factory, and a call with it alone. */
const factories: Readonly<Record<string, readonly [option: string, call: Call]>> = {
  createTokens: ['prefix', createTokens],
  memoryStore: ['inProduction', memoryStore],
  cachedStore: ['maxBytes', (options) => cachedStore(memoryStore(), options)],
  redisStore: ['keyPrefix', (options) => redisStore(new Redis({ lazyConnect: true }), options)],
  sqliteStore: ['tablePrefix', (options) => sqliteStore(new Database(':memory:'), options)],
  postgresStore: ['schema', (options) => postgresStore(new Pool(), options)],
  migrate: ['schema', (options) => migrate(new Pool(), options)],
  migrationSql: ['schema', migrationSql],
  grantSql: ['schema', grantSql],
  createAccessTokens: ['issuer', createAccessTokens],
  createAccessVerifier: ['issuer', createAccessVerifier],
  exchangeHandler: ['onError', (options) => exchangeHandler({} as never, options)],
  keySetHandler: ['maxAgeSeconds', (options) => keySetHandler([] as never, options)],
  'leaks scannerRules': ['name', (options) => leaks.scannerRules('gitleaks', options)],
  'leaks redactor': ['issuers', leaks.redactor],
  'leaks leakGuard': ['prefixes', leaks.leakGuard],
  'leaks webLeakGuard': ['prefixes', leaks.webLeakGuard],
  'leaks secretScanningHandler': ['keysUrl', (options) => leaks.secretScanningHandler(tokens, options)],
  instrumentTessera: ['meter', (options) => instrumentTessera(options)],
  'http healthHandler': ['onError', (options) => http.healthHandler(tokens, options)],
  openApi: ['title', (options) => openApi(tokens, options)],
  testTokenStore: ['create', (options) => testTokenStore('a', options)],
  testAdapter: ['serve', testAdapter],
  'http gate': ['scopes', (options) => http.gate(tokens, options)],
  'http authenticateRequest': ['scopes', (options) => http.authenticateRequest(tokens, {}, options)],
  'http tokenEndpoint': ['scopes', (options) => http.tokenEndpoint(tokens, options, ['list'])],
  'http standardDialect': ['problems', http.standardDialect],
  'http listHandler': ['scopes', (options) => http.listHandler(tokens, options)],
  'http revocationHandler': ['client', (options) => http.revocationHandler(tokens, options)],
  'http introspectionHandler': ['client', (options) => http.introspectionHandler(tokens, options)],
  'http authorizationServerMetadata': ['issuer', http.authorizationServerMetadata],
  'http protectedResourceMetadata': ['resource', http.protectedResourceMetadata],
  'express authenticate': ['scopes', (options) => express.authenticate(tokens, options)],
  'express tokenRouter': ['scopes', (options) => express.tokenRouter(tokens, options)],
  'express revocationRouter': ['client', (options) => express.revocationRouter(tokens, options)],
  'express introspectionRouter': ['client', (options) => express.introspectionRouter(tokens, options)],
  'fetch authenticate': ['scopes', (options) => fetch.authenticate(tokens, options)],
  'fetch protect': ['scopes', (options) => fetch.protect(tokens, options, () => new Response())],
  'fetch tokenHandler': ['scopes', (options) => fetch.tokenHandler(tokens, options)],
  'fetch serveHandler': ['clientAddress', (options) => fetch.serveHandler(handle, options)],
  'fastify requireToken': ['scopes', (options) => fastify.requireToken(tokens, options)],
  'fastify tessera': ['caller', (options) => registered(fastify.tessera, keptTokens(options))],
  'fastify tokenPlugin': ['scopes', (options) => registered(fastify.tokenPlugin, keptTokens(options))],
  'fastify handlerPlugin': ['clientAddress', (options) => registered(fastify.handlerPlugin, options)],
}

/** A class whose instances have the option by their prototype, as of a configuration with accessors. */
function instanceWith(option: string): object {
  const Settings = function Settings() {}
  Object.defineProperty(Settings.prototype, option, { get: () => ['jobs:read'] })
  return Reflect.construct(Settings, [])
}

describe('options of a factory', () => {
  const rows = Object.entries(factories).map(([factory, [option, call]]) => ({ factory, option, call }))

  it.each(rows)('are its own: $factory refuses an inherited $option, and names it', async ({ option, call }) => {
    const right = new RegExp(`option "${option}" is inherited; give it as an own property`)
    for (const options of [Object.create({ [option]: ['jobs:read'] }), instanceWith(option)])
      await expect(async () => call(options as never)).rejects.toThrow(right)
  })
})

import { cachedStore } from '@tessera/cached-store'
import type { TokenStore } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'
import { issueTokens } from '../in-process/issued-tokens.ts'
import { betterAuthKeys } from '../in-process/peers/better-auth.ts'
import { bearerTokenMiddleware } from '../in-process/peers/express-bearer-token.ts'
import { jwtMiddlewares } from '../in-process/peers/express-oauth2-jwt-bearer.ts'
import type { Middleware } from '../in-process/peers/middleware-row.ts'
import { passportMiddleware } from '../in-process/peers/passport-http-bearer.ts'
import { tesseraMiddleware } from '../in-process/peers/tessera.ts'
import { guardedRoute, openRoute } from './route.ts'
import type { Route } from './route.ts'

const COUNT = 1_000
const LONG_MS = 600_000

/** What Express takes to call any middleware. */
const PASSING_ON: Omit<Middleware, 'tokens'> = {
  name: 'a middleware that does nothing',
  note: 'calls the next one',
  handler: (_req, _res, next) => next(),
  ownerOf: () => 'nobody',
}

/** The open route, ours on each kind of store, and one that guards nothing. */
export async function jobsRoutes(redisPort: number): Promise<Route[]> {
  const client = new Redis(redisPort, '127.0.0.1')
  const { secrets } = await issueTokens(memoryStore(), COUNT)
  return [
    openRoute(secrets),
    await ourRoute('memory-store', memoryStore()),
    await ourRoute(
      'cached-store, { maxStalenessMs }',
      cachedStore(memoryStore(), { freshness: { maxStalenessMs: LONG_MS } }),
    ),
    await ourRoute("cached-store, 'confirmed', on Redis", cachedStore(redisStore(client, { keyPrefix: 'cached:' }))),
    await ourRoute('redis-store', redisStore(client)),
    guardedRoute({ ...PASSING_ON, tokens: secrets }),
  ]
}

/** Ours on one kind of store, as an app has it, and those of peers. With several stores, V8 optimizes ours less and theirs not. */
export async function peerRoutes(): Promise<Route[]> {
  const { secrets } = await issueTokens(memoryStore(), COUNT)
  const peers = [bearerTokenMiddleware(secrets), passportMiddleware(secrets), ...(await jwtMiddlewares(COUNT))]
  return [await ourRoute('memory-store', memoryStore()), ...peers.map(guardedRoute)]
}

/** In a process of its own, as what it does to promises costs the others too. */
export async function betterAuthRoutes(): Promise<Route[]> {
  const { keys, note, verify } = await betterAuthKeys(COUNT)
  const owners = new WeakMap<object, string>()
  const route = guardedRoute({
    name: '@better-auth/api-key, secondary storage on a Map',
    note,
    async handler(req, res, next) {
      const owner = await verify(req.headers.authorization?.slice('Bearer '.length) ?? '')
      if (owner === null) return void res.status(401).end()
      owners.set(req, owner)
      next()
    },
    tokens: keys,
    ownerOf: (req) => owners.get(req),
  })
  return [openRoute(keys), await ourRoute('memory-store', memoryStore()), route]
}

async function ourRoute(name: string, store: TokenStore): Promise<Route> {
  return guardedRoute(tesseraMiddleware(await issueTokens(store, COUNT), name))
}

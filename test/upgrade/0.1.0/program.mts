// As a team wrote it for 0.1.0. It stays as it is: what it imports, and how it calls it, has to compile and to run.
import { createAccessTokens, generateAccessKey } from '@tessera/access-jwt'
import { cachedStore } from '@tessera/cached-store'
import { StoreError, TokenError, createTokens, covers, parseSecret, secretPattern } from '@tessera/core'
import type { StoreErrorCode, Token, TokenErrorCode, TokenStore, Tokens, Verification } from '@tessera/core'
import { authenticate, getAuth, requireScopes, tokenRouter } from '@tessera/express'
import { protect, tokenHandler } from '@tessera/fetch'
import { Problem, cursor, offset, paged, plain, standardDialect } from '@tessera/http'
import type { Caller, Dialect, ProblemCode } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'
import express from 'express'

const lines: string[] = []
const say = (what: string, value: unknown) => lines.push(`${what}: ${JSON.stringify(value)}`)

// A store of the team's own, around another one.
let lookups = 0
const inner: TokenStore = memoryStore()
const counting: TokenStore = {
  ...inner,
  findByDigest: (digests, shard) => {
    lookups += 1
    return inner.findByDigest(digests, shard)
  },
}

// A dialect of its own.
const terse: Dialect = {
  readList: () => ({ statuses: null, name: null, sort: { by: 'createdAt', direction: 'desc' }, window: 'all' }),
  writePage: ({ tokens }) => ({ names: tokens.map(({ name }) => name) }),
  writeToken: ({ id, name }) => ({ id, name }),
  writeError: ({ code, status }) => ({ code, status }),
  expiryField: 'expires',
}

const clock = { now: Date.UTC(2026, 11, 1) }
const tokens: Tokens = createTokens({
  store: cachedStore(counting),
  prefix: 'acme_pat',
  activeLimit: 5,
  wildcards: true,
  expiry: { defaultMs: 90 * 86_400_000, maxMs: 365 * 86_400_000 },
  now: () => clock.now,
  onEvent: () => {},
})

const issued = await tokens.issue({
  owner: 'acme',
  name: 'CI',
  scopes: ['jobs:*', 'tokens:read'],
  createdBy: 'ada@example.com',
  attributes: { team: 'build' },
})
const { secret, token }: { secret: string; token: Token } = issued
say('shape', [secretPattern('acme_pat').test(secret), parseSecret(secret) !== null])
say('covers', covers(['jobs:read'], ['jobs:read']))

const verification: Verification = await tokens.verify(secret, { scopes: ['jobs:read'] })
say('verified', verification.ok && [verification.token.owner, verification.token.name, verification.token.status])
const refused = await tokens.verify(secret, { scopes: ['nodes:read'] })
say('refused', refused.ok || refused.reason)
say('authenticated', (await tokens.authenticate(secret))?.id === token.id)

const successor = await tokens.rotateSecret(secret, { overlapMs: 3_600_000 })
say('rotated', successor !== null && successor.token.rotatedFrom === token.id)
await tokens.edit('acme', token.id, { name: 'Old CI' })
await tokens.suspend('acme', token.id)
await tokens.resume('acme', token.id)
const { tokens: listed, next } = await tokens.list('acme', { statuses: ['active'] })
say('listed', [listed.map(({ name }) => name).sort(), next])
say('usage', await tokens.usage('acme'))

async function codeOf(work: () => Promise<unknown>): Promise<TokenErrorCode | StoreErrorCode | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (error instanceof TokenError || error instanceof StoreError) return error.code
    throw error
  }
}
say('codes', [
  await codeOf(() => tokens.get('acme', 'unknown')),
  await codeOf(() => tokens.revoke('acme', 'unknown')),
  await codeOf(() => tokens.issue({ owner: 'acme', name: '', scopes: [] })),
])

const problem: ProblemCode = new Problem('active_limit_reached', 'x').code
const dialects: readonly Dialect[] = [
  plain,
  paged,
  offset,
  cursor,
  terse,
  standardDialect({ problems: 'https://a.test/' }),
]
say(
  'dialects',
  dialects.map((dialect) => Object.keys(dialect.writeError(new Problem(problem, 'x')))),
)

const app = express()
app.use('/tokens', authenticate(tokens), tokenRouter(tokens, { dialect: terse }))
app.get('/jobs', authenticate(tokens, { dialect: plain }), requireScopes('jobs:read'), (req, res) => {
  res.json({ owner: getAuth(req).owner })
})
const server = app.listen(0, '127.0.0.1')
await new Promise((resolve) => server.once('listening', resolve))
const address = server.address()
const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
const headers = { authorization: `Bearer ${successor?.secret}` }
say('served', await (await fetch(`${url}/jobs`, { headers })).json())
const bare = await fetch(`${url}/jobs`)
say('challenged', [bare.status, bare.headers.get('www-authenticate'), Object.keys((await bare.json()) as object)])
say('named', Object.keys((await (await fetch(`${url}/tokens`, { headers })).json()) as object))
server.close()

const caller = (): Caller => ({ owner: 'acme', scopes: null, createdBy: 'ada@example.com' })
const manage = tokenHandler(tokens, { basePath: '/api/tokens', caller })
const page = await manage(new Request('http://a.test/api/tokens?limit=1'))
say('page', [page.status, Object.keys((await page.json()) as object)])
const jobs = protect(tokens, { scopes: ['jobs:read'] }, (_request, { token }) => Response.json(token?.owner))
say('protected', await (await jobs(new Request('http://a.test/jobs', { headers }))).json())

const keys = [{ key: await generateAccessKey() }]
const places = { issuer: 'https://a.test', audience: 'https://a.test', keys, now: () => clock.now }
const accessTokens = createAccessTokens({ tokens, ...places })
const { jwt } = await accessTokens.exchange(successor?.secret ?? '', { scopes: ['jobs:read'] })
say('exchanged', (await accessTokens.verify(jwt)).ok)
const { ended } = await tokens.revoke('acme', successor?.token.id ?? '', { reason: 'leaked', by: 'ada@example.com' })
say('revoked', [ended.length > 0, (await accessTokens.verify(jwt)).ok, (await tokens.verify(secret)).ok])
say('looked up', lookups > 0)
await tokens.close()

console.log(lines.join('\n'))

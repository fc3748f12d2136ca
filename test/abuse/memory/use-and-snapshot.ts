import { channel, tracingChannel } from 'node:diagnostics_channel'
import { writeHeapSnapshot } from 'node:v8'
import { cachedStore } from '@tessera/cached-store'
import { createTokens, parseSecret, preview } from '@tessera/core'
import type { TokenStore, Tokens } from '@tessera/core'
import { offset, issueHandler, readBearer, revocationHandler } from '@tessera/http'
import type { HttpRequest } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'
import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'

// A process that uses many tokens, drops every secret and keeps all else that it was given; then it writes a snapshot of its
// heap to a file, and on stdout the bodies of the secrets. Arguments: the store, the port of Redis, what it keeps, the file.

const COUNT = 25
const PREFIX = 'acme_live_pat'
const BODY_LENGTH = 40

const [, , storeName = '', port = '', keeps = '', file = ''] = process.argv
const redis = new Redis({ host: '127.0.0.1', port: Number(port) })
const keyPrefix = `${process.pid}:`
const stores: Readonly<Record<string, () => TokenStore>> = {
  'memory-store': memoryStore,
  'redis-store': () => redisStore(redis, { keyPrefix }),
  'cached-store on memory-store': () => cachedStore(memoryStore()),
  'cached-store on redis-store': () => cachedStore(redisStore(redis, { keyPrefix })),
}

const kept: unknown[] = []
/** Bytes, which are no text of the heap. */
const bodies: Buffer[] = []

function note(secret: string): void {
  bodies.push(Buffer.from(secret.slice(PREFIX.length + 1, PREFIX.length + 1 + BODY_LENGTH)))
  if (keeps === 'a slice of each secret') kept.push(secret.slice(0, 20))
}

/** The secret as it comes over the wire: cut out of a header. */
function presented(secret: string): string {
  const reading = readBearer({ authorization: [Buffer.from(`Bearer ${secret}`).toString()] })
  if (!reading.ok || reading.secret === undefined) throw new Error('the header was not read')
  return reading.secret
}

async function useSecret(tokens: Tokens, secret: string): Promise<void> {
  note(secret)
  const text = presented(secret)
  for (let use = 0; use < 3; use += 1) kept.push(await tokens.verify(text))
  kept.push(await tokens.explain(text), await tokens.introspect(text), parseSecret(text), preview(text))
  kept.push(await tokens.verify(`${text.slice(0, -1)}~`), await tokens.explain(`${text.slice(0, -1)}~`))
}

async function useToken(tokens: Tokens, owner: string): Promise<void> {
  const request = {
    owner,
    name: 'a name of more than 13 characters',
    scopes: ['jobs:read'],
    idempotencyKey: `the-first-of-${owner}`,
  }
  const issued = await tokens.issue(request)
  if (issued.secret === null) throw new Error('the request was replayed')
  kept.push(issued.token)
  await useSecret(tokens, issued.secret)
  kept.push((await tokens.issue(request)).token)

  const rotated = await tokens.rotateSecret(presented(issued.secret))
  const again = await tokens.rotateSecret(presented(issued.secret))
  if (rotated === null || again === null) throw new Error('the token was not rotated')
  kept.push(rotated.token, again.token)
  await useSecret(tokens, again.secret)

  const { token, secret } = await tokens.rotate(owner, rotated.token.id)
  kept.push(token)
  await useSecret(tokens, secret)
  kept.push(await tokens.suspend(owner, token.id), await tokens.resume(owner, token.id))
  kept.push(await tokens.edit(owner, token.id, { name: 'another name of the same token' }))
  if (owner.endsWith('0')) kept.push(await tokens.revokeSecret(presented(secret)))
  else await requestRevocation(tokens, owner, secret)
  kept.push(await tokens.list(owner), await tokens.verify(presented(secret)))
}

function formRequest(body: string, query = ''): HttpRequest {
  const headers = { 'content-type': ['application/x-www-form-urlencoded'] }
  return { method: 'POST', path: '/', query, headers, params: {}, caller: null, readBody: async () => body }
}

/** By a client whose id stands before the secret in the same body. The audit of the app keeps that id. */
async function requestRevocation(tokens: Tokens, owner: string, secret: string): Promise<void> {
  const handler = revocationHandler(tokens, {
    client: (credentials) => ('id' in credentials ? { id: credentials.id } : null),
  })
  const client = `client_id=the-client-of-${owner}&client_secret=some-secret`
  const { status } = await handler(formRequest(`${client}&token=${secret}`))
  if (status !== 200) throw new Error(`the revocation was answered ${status}`)
}

/** With an idempotency key and a secret in the same query. The store keeps that key. */
async function requestIssue(tokens: Tokens, owner: string): Promise<void> {
  const { secret } = await tokens.issue({ owner, name: 'its caller', scopes: ['jobs:read'] })
  note(secret)
  const query = `idempotency_key=the-second-of-${owner}&access_token=${secret}`
  const response = await issueHandler(tokens, { dialect: offset })({
    ...formRequest('', Buffer.from(query).toString()),
    headers: { 'content-type': ['application/json'] },
    caller: { owner, scopes: null },
    readBody: async () => JSON.stringify({ name: 'issued over HTTP', scopes: ['jobs:read'] }),
  })
  if (response.status !== 201) throw new Error(`the request was answered ${response.status}: ${response.body}`)
}

async function main(): Promise<void> {
  const keep = (message: unknown) => void kept.push(message)
  for (const name of ['event', 'cache']) channel(`tessera:${name}`).subscribe(keep)
  for (const name of ['verify', 'issue', 'revoke', 'revokeSecret', 'rotateSecret', 'store']) {
    tracingChannel(`tessera:${name}`).asyncEnd.subscribe(keep)
  }
  const store = stores[storeName]?.()
  if (store === undefined) throw new Error(`no such store: ${storeName}`)
  const tokens = createTokens({ store, prefix: PREFIX, onEvent: (event) => kept.push(event) })
  for (let number = 0; number < COUNT; number += 1) {
    await useToken(tokens, `owner-${number}`)
    await requestIssue(tokens, `owner-${number}`)
  }
  await tokens.flush()
}

await main()
// Node keeps the last text that a regular expression was tried on.
'x'.search(/x/)
globalThis.gc?.()
writeHeapSnapshot(file)
process.stdout.write(`${JSON.stringify({ bodies: bodies.map(String), kept: kept.length })}\n`)
redis.disconnect()

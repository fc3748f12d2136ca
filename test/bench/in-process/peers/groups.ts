import { memoryStore } from '@tessera/memory-store'
import type { Group, Row } from '../../harness/group.ts'
import { baseIsAhead } from '../../harness/target.ts'
import { issueTokens } from '../issued-tokens.ts'
import { acceptedRow } from '../verify.ts'
import { betterAuthRow } from './better-auth.ts'
import { bearerTokenMiddleware } from './express-bearer-token.ts'
import { jwtMiddlewares } from './express-oauth2-jwt-bearer.ts'
import { fastifyRows } from './fastify-bearer-auth.ts'
import { middlewareRow } from './middleware-row.ts'
import { passportMiddleware } from './passport-http-bearer.ts'
import { prefixedApiKeyRow } from './prefixed-api-key.ts'
import { tesseraMiddleware } from './tessera.ts'

const COUNT = 1_000

/** Middleware of others beside ours, on the same requests, with 1,000 tokens in memory. */
export async function middlewareGroup(): Promise<Group> {
  const issued = await issueTokens(memoryStore(), COUNT)
  const { secrets } = issued
  const others = [
    ...[...(await jwtMiddlewares(COUNT)), passportMiddleware(secrets)].map(middlewareRow),
    ...(await fastifyRows(secrets)),
    middlewareRow(bearerTokenMiddleware(secrets)),
  ]
  return peerGroup('Peers in process: middleware', middlewareRow(tesseraMiddleware(issued, 'memory-store')), others)
}

/** What verifies a key without a request. */
export async function functionGroup(): Promise<Group> {
  return peerGroup('Peers in process: functions', await verifyRow(), [await prefixedApiKeyRow(COUNT)])
}

/**
 * Apart from the others and the last of the suite: it calls `AsyncLocalStorage.run`, and from then on every promise of the process
 * costs more on Node before 24, ours beside it too.
 */
export async function betterAuthGroup(): Promise<Group> {
  return peerGroup('Peers in process: @better-auth/api-key', await verifyRow(), [await betterAuthRow(COUNT)])
}

async function verifyRow(): Promise<Row> {
  const { tokens, secrets } = await issueTokens(memoryStore(), COUNT)
  return acceptedRow('verify, memory-store', tokens, secrets)
}

function peerGroup(name: string, base: Row, others: readonly Row[]): Group {
  const rows = others.map((row) => ({ ...row, target: baseIsAhead }))
  return { name, compares: 'time', allocation: true, base, rows }
}

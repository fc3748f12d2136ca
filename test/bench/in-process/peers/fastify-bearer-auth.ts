import bearerAuth from '@fastify/bearer-auth'
import { fastify } from 'fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Row } from '../../harness/group.ts'
import { findActive, rowsBySecret } from '../hash-look-up.ts'
import { inTurn } from '../issued-tokens.ts'
import { requestWith } from './request.ts'

export async function fastifyRows(secrets: readonly string[]): Promise<Row[]> {
  const rows = rowsBySecret(secrets)
  const looked = new WeakMap<object, string>()
  const auth = (token: string, request: FastifyRequest) => {
    const row = findActive(rows, token)
    if (row !== null) looked.set(request, row.owner)
    return row !== null
  }
  const note = 'header; its auth function, ours here, is a hash, a Map look-up, revoked and expired'
  const ofKeys =
    'header; compares with every key in turn, each in constant time; knows no owner and nothing of revocation'
  return [
    await row('@fastify/bearer-auth, hash look-up', note, secrets, { keys: [], auth }, (request) =>
      looked.has(request),
    ),
    await row(`@fastify/bearer-auth, ${secrets.length} keys`, ofKeys, secrets, { keys: [...secrets] }, () => true),
  ]
}

async function row(
  name: string,
  note: string,
  secrets: readonly string[],
  options: Parameters<typeof bearerAuth>[1],
  isKnown: (request: FastifyRequest) => boolean,
): Promise<Row> {
  const app = fastify()
  await app.register(bearerAuth, { ...options, addHook: false })
  const { verifyBearerAuth } = app
  if (verifyBearerAuth === undefined) throw new Error('the plugin did not decorate the app')
  const next = inTurn(secrets)
  const authenticate = (request: FastifyRequest) =>
    new Promise<void>((resolve, reject) => {
      const done = (error?: Error) => (error === undefined ? resolve() : reject(error))
      verifyBearerAuth.call(app, request, {} as FastifyReply, done)
    })
  return {
    name,
    note,
    async run(times) {
      for (let number = 0; number < times; number += 1) {
        const request = { raw: requestWith(next()) } as unknown as FastifyRequest
        await authenticate(request)
        if (!isKnown(request)) throw new Error(`${name}: nobody is calling`)
      }
    },
  }
}

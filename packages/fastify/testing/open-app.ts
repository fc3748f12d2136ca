import { createTokens } from '@tessera/core'
import type { TokenEvent, Tokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { fastify } from 'fastify'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { onTestFinished } from 'vitest'

export const JSON_TYPE = { 'content-type': 'application/json' }

export interface Opened {
  readonly app: FastifyInstance
  readonly tokens: Tokens
  readonly id: string
  readonly secret: string
  /** The header with the one token of `acme`. */
  readonly bearer: { readonly authorization: string }
  /** What looking up fails with; `null` for not at all. */
  readonly outage: { error: Error | null }
  /** What reached the app's error handler. */
  readonly errors: readonly unknown[]
  /** Those so far, once all are told. */
  events(): Promise<readonly TokenEvent[]>
  /** Asks without a socket, with the one token. */
  ask(method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object): Promise<LightMyRequestResponse>
}

/** An app with nothing in it but an error handler, and one token. */
export async function openApp(): Promise<Opened> {
  const outage: Opened['outage'] = { error: null }
  // Without its cache, in which a record is found whatever fails.
  const { cache: _, ...store } = memoryStore()
  const findByDigest: typeof store.findByDigest = async (...call) => {
    if (outage.error !== null) throw outage.error
    return store.findByDigest(...call)
  }
  const told: TokenEvent[] = []
  const onEvent = (event: TokenEvent) => void told.push(event)
  const tokens = createTokens({ store: { ...store, findByDigest }, prefix: 'acme_pat', onEvent })
  const scopes = ['jobs:read', 'tokens:read', 'tokens:write']
  const { token, secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes })
  const bearer = { authorization: `Bearer ${secret}` }
  const errors: unknown[] = []
  const app = fastify()
  onTestFinished(() => app.close())
  app.setErrorHandler(async (error, _request, reply) => {
    errors.push(error)
    const status: unknown = error instanceof Error ? Reflect.get(error, 'status') : undefined
    return reply.code(typeof status === 'number' ? status : 500).send({ caught: String(error) })
  })

  return {
    ...{ app, tokens, id: token.id, secret, bearer, outage, errors },
    events: () => tokens.close().then(() => told),
    ask: (method, url, body) =>
      app.inject({ method, url, headers: { ...bearer, ...(body && JSON_TYPE) }, ...(body && { payload: body }) }),
  }
}

import { Problem, errorResponse, mountAt } from '@tessera/http'
import type { ErrorWords, GateFacts, Handler, MountedPath } from '@tessera/http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { send, splitUrl, toHttpRequest } from './translate.ts'

/** The endpoint at the prefix of a plugin. */
export interface Mounted {
  /** Of the routes, below the prefix. */
  readonly urls: readonly string[]
  readonly words: ErrorWords
  /** The media type of its bodies, if it is the same for all. */
  readonly mediaType?: string
  /** `null` for any other path. */
  find(method: string, path: string): Handler | null
  /** Answers a refused request. */
  admit?(request: FastifyRequest, reply: FastifyReply): Promise<unknown>
  factsOf(request: FastifyRequest): Partial<GateFacts>
}

interface Found {
  readonly handle: Handler
  readonly at: MountedPath
}

const FOUND: unique symbol = Symbol('found')

/**
 * Mounts handlers in the scope of a plugin. Its bodies are left to them, and other paths to the app.
 *
 * @throws TypeError for a prefix with a slash at its end: Fastify would find nothing at the path without it
 */
export function mount(app: FastifyInstance, mounted: Mounted): void {
  if (app.prefix.length > 1 && app.prefix.endsWith('/'))
    throw new TypeError(`the prefix must be ${app.prefix.slice(0, -1)}, without a slash at its end`)
  const mountedAt = mountAt(app.prefix || '/')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  app.setErrorHandler(async (error, _request, reply) => {
    const problem = problemOf(error, mounted.mediaType)
    if (problem === null) throw error
    return send(reply, errorResponse(problem, mounted.words))
  })
  app.addHook('onRequest', async (request: FastifyRequest & { [FOUND]?: Found }, reply) => {
    const at = mountedAt(splitUrl(request).pathname)
    const handle = at && mounted.find(request.method, at.path)
    if (at === null || handle === null) return reply.callNotFound()
    request[FOUND] = { at, handle }
    return mounted.admit?.(request, reply)
  })
  async function answer(request: FastifyRequest & { [FOUND]?: Found }, reply: FastifyReply): Promise<unknown> {
    const { [FOUND]: found } = request
    if (found === undefined) return reply.callNotFound()
    return send(reply, await found.handle(toHttpRequest(request, found.at, mounted.factsOf(request))))
  }
  for (const url of mounted.urls)
    app.route({ method: app.supportedMethods, url, exposeHeadRoute: false, handler: answer })
}

/** Fastify itself refuses a malformed media type. */
function problemOf(error: unknown, mediaType: string | undefined): Problem | null {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  if (code !== 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return null
  if (mediaType === undefined) return new Problem('unsupported_media_type', 'The media type of the body is malformed.')
  return new Problem('unsupported_media_type', `The body must be ${mediaType} in UTF-8.`, {
    headers: { Accept: mediaType },
  })
}

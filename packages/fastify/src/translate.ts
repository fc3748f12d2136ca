import { Readable } from 'node:stream'
import type { RequestContext } from '@tessera/core'
import { answerHeader, nodeHeaders, readStream } from '@tessera/http'
import type { GateFacts, HttpHeaders, HttpRequest, HttpResponse, MountedPath } from '@tessera/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RequestFacts } from './require-token-options.ts'

export function toHttpRequest(request: FastifyRequest, at: MountedPath, facts: Partial<GateFacts>): HttpRequest {
  const headers = headersOf(request)
  return {
    method: request.method,
    ...at,
    query: splitUrl(request).query,
    headers,
    caller: null,
    ...facts,
    decoded: true,
    readBody: () => readBody(request, headers),
  }
}

/**
 * The headers of a request, with those set by a hook of the app.
 *
 * @param only Lower-case names to read, and no others. Default all.
 */
export function headersOf({ raw, headers }: FastifyRequest, only?: readonly string[]): HttpHeaders {
  return nodeHeaders({ rawHeaders: raw.rawHeaders, headers }, only)
}

/** The path and the query as they arrived: `URL` would resolve dots. A proxy may send the whole URL. */
export function splitUrl({ url }: Pick<FastifyRequest, 'url'>): { readonly pathname: string; readonly query: string } {
  const target = url.replace(/^https?:\/\/[^/?]*/i, '')
  const mark = target.indexOf('?')
  return mark === -1
    ? { pathname: target, query: '' }
    : { pathname: target.slice(0, mark), query: target.slice(mark + 1) }
}

/** Where the request came from, for the events. */
export function contextOf(
  request: FastifyRequest,
  { clientAddress = ({ ip }) => ip, requestId = ({ id }) => id }: RequestFacts,
): RequestContext {
  return { ip: clientAddress(request), requestId: requestId(request) }
}

export function send(reply: FastifyReply, { status, headers, body }: HttpResponse): FastifyReply {
  // An empty text would get a media type, and any text of JSON a charset.
  for (const name in headers) reply.header(name, answerHeader(name, headers[name] ?? '', reply.getHeader(name)))
  return reply.code(status).send(body === '' ? undefined : Buffer.from(body))
}

/**
 * The end of a hook that has answered its request: it never resolves. Once a client is gone, Fastify takes a hook that
 * resolves for one that lets the request go on.
 */
export function forGood(): Promise<never> {
  return new Promise(() => {})
}

/** The stream that the parser of a plugin hands on, or what a hook of the app made of it. */
async function readBody(
  { body }: FastifyRequest,
  { 'content-encoding': contentEncoding }: HttpHeaders,
): Promise<unknown> {
  return body instanceof Readable ? readStream(body, { contentEncoding }) : body
}

import { bodyUsed, headerLists, readForm, readStream } from '@tessera/http'
import type { HttpHeaders, HttpRequest, HttpResponse, MountedPath } from '@tessera/http'
import type { RequestContext } from '@tessera/core'
import type { Context, RequestFacts } from './authenticate-options.ts'

export const ROOT: MountedPath = { mount: '', path: '/', params: {} }

/** A request for a handler, of nobody yet. `Problem`s of its body are those of a client, anything else a fault of the app. */
export function toHttpRequest(request: Request, at: MountedPath): HttpRequest {
  const headers = headersOf(request)
  return {
    method: request.method,
    ...at,
    query: queryOf(request),
    headers,
    caller: null,
    decoded: true,
    readBody: () => readStream(request.body, { contentEncoding: headers['content-encoding'], used: request.bodyUsed }),
  }
}

/**
 * The headers of a request. One made by hand, and one of HTTP/2, has its host in the URL alone.
 *
 * @param only Lower-case names to read, and no others. Default all.
 */
export function headersOf(request: Request, only?: readonly string[]): HttpHeaders {
  const headers = headerLists(request.headers, only)
  if (headers['host'] !== undefined || only?.includes('host') === false) return headers
  return { ...headers, host: [new URL(request.url).host] }
}

/** The text after `?`, as it came. The URL of a `Request` is in normal form, and parsing it again takes long. */
export function queryOf({ url }: Pick<Request, 'url'>): string {
  const end = url.indexOf('#')
  const target = end === -1 ? url : url.slice(0, end)
  const mark = target.indexOf('?')
  return mark === -1 ? '' : target.slice(mark + 1)
}

/** The token in a form, read from a copy: the app can still read the body. */
export async function tokenFieldsOf(request: Request): Promise<object> {
  if (request.bodyUsed) throw bodyUsed()
  const form = await readForm(toHttpRequest(request.clone(), ROOT))
  return { access_token: form('access_token') }
}

/** Where the request came from, for the events. No header is read. */
export function contextOf<Incoming extends Request, Rest extends Context>(
  { clientAddress, requestId }: RequestFacts<Incoming, Rest>,
  request: Incoming,
  context: Rest,
): RequestContext {
  return { ip: clientAddress?.(request, ...context), requestId: requestId?.(request, ...context) }
}

export function toResponse({ status, headers, body }: HttpResponse): Response {
  // An empty text would get a media type, and a 304 may have no body at all.
  return new Response(body === '' ? null : body, { status, headers })
}

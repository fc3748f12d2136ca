import { bodyUsed, headerLists, readForm, readStream } from '@tessera/http'
import type { HttpHeaders, HttpRequest, HttpResponse, MountedPath } from '@tessera/http'
import type { RequestContext } from '@tessera/core'
import type { Context, RequestFacts } from './authenticate-options.ts'

export const ROOT: MountedPath = { mount: '', path: '/', params: {} }

/** A request for a handler, of nobody yet. `Problem`s of its body are those of a client, anything else a fault of the app. */
export function toHttpRequest(request: Request, at: MountedPath): HttpRequest {
  const { search } = new URL(request.url)
  const headers = headersOf(request)
  return {
    method: request.method,
    ...at,
    query: search.slice(1),
    headers,
    caller: null,
    decoded: true,
    readBody: () => readStream(request.body, { contentEncoding: headers['content-encoding'], used: request.bodyUsed }),
  }
}

/** A request made by hand, and one of HTTP/2, has its host in the URL alone. */
export function headersOf(request: Request): HttpHeaders {
  const headers = headerLists(request.headers)
  return headers['host'] === undefined ? { ...headers, host: [new URL(request.url).host] } : headers
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
